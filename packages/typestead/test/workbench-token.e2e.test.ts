import { expect, it } from 'vitest'
import { startApp } from './command.ts'
import { tinyApp } from './tiny-app.ts'

it('a workbench with a token takes it as Bearer or by the browser’s own form', async () => {
  using app = tinyApp()
  const token = 'a-token-of-sixteen'
  await using running = await startApp(app.folder, {
    env: { TYPESTEAD_HOST: '0.0.0.0', TYPESTEAD_WORKBENCH_TOKEN: token },
  })
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${running.workbench}/_typestead/model`, { headers })).status
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
  expect(await status({})).toBe(401)
  expect(await status({ authorization: 'Bearer wrong-token-of-16' })).toBe(401)
  expect(await status({ authorization: `Bearer ${token}` })).toBe(200)
  expect(await status({ authorization: basic(`me:${token}`) })).toBe(200)
  expect(await status({ authorization: basic(`${token}:me`) })).toBe(401)
  const refused = await fetch(running.workbench)
  expect(refused.headers.get('www-authenticate')).toContain('Basic')
  for (const path of ['/_typestead', '/_typestead/']) {
    const headers = { authorization: `Bearer ${token}` }
    const { parts } = await (await fetch(`${running.workbench}${path}`, { headers })).json()
    expect(parts).toContainEqual(['/_typestead/model', 'the entities, as data'])
  }
  expect((await fetch(`${running.workbench}/readyz`)).status).toBe(200)
})
