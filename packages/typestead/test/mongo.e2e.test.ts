/** The same app on a MongoDB-compatible server (FerretDB): started, changed by one line, migrated. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FerretDBServer, findTool, startFerretDB } from '../../../scripts/tools.ts'
import { command, eventually, type RunningApp, run, startApp } from './command.ts'
import { type TinyApp, tinyApp } from './tiny-app.ts'

const ferretdb = findTool('ferretdb')

describe.skipIf(ferretdb === null)('an app on a MongoDB-compatible server', () => {
  let server: FerretDBServer
  let env: Record<string, string>
  let app: TinyApp

  beforeAll(async () => {
    server = await startFerretDB()
    env = { DATABASE_URL: `mongodb://${server.address}/tiny?maxPoolSize=1` }
    app = tinyApp()
  })

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    app[Symbol.dispose]()
  })

  async function titles(running: RunningApp): Promise<{ title: string; subtitle?: string }[]> {
    const { data } = await (await running.ask('{ posts(first: 1000) { nodes { title } } }')).json()
    return data.posts.nodes
  }

  it('starts again after a killed seed with all rows, once', async () => {
    const killed = command(['start'], { cwd: app.folder, env: { ...env, SEED_PAUSE: '200' } })
    await eventually(() => killed.output().includes('seeding 20 %'), killed)
    killed.child.kill('SIGKILL')
    await killed.ended
    await using running = await startApp(app.folder, { env })
    expect(await titles(running)).toHaveLength(200)
    expect(running.command.output()).toContain('an earlier seed was interrupted')
    expect((await running.stop()).code).toBe(0)
  })

  it('signs in and out', async () => {
    await using running = await startApp(app.folder, { env })
    const { ADMIN_PASSWORD } = JSON.parse(app.read('.typestead/secrets.json'))
    const response = await fetch(`${running.application}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'ann@example.com', password: ADMIN_PASSWORD }),
    })
    expect(response.status).toBe(201)
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(await (await fetch(running.application, { headers: { cookie } })).text()).toContain(
      'signed in as admin',
    )
  })

  it('follows one new line: plan, migrate, API, old rows', async () => {
    app.edit(
      'model.ts',
      'title: string().max(200),',
      `title: string().max(200),\n  subtitle: string().default('none'),`,
    )
    expect((await run(['start'], { cwd: app.folder, env })).code).toBe(3)
    const planned = await run(['plan'], { cwd: app.folder, env })
    expect(planned.code).toBe(0)
    expect(planned.stdout).toContain('new field Post.subtitle')
    expect(planned.stdout).toContain('  MongoDB\n')
    expect((await run(['db', 'migrate'], { cwd: app.folder, env })).code).toBe(0)
    await using running = await startApp(app.folder, { env })
    const { data } = await (
      await running.ask('{ posts(first: 1000) { nodes { subtitle } } }')
    ).json()
    expect(data.posts.nodes).toHaveLength(200)
    expect(new Set(data.posts.nodes.map((node: { subtitle: string }) => node.subtitle))).toEqual(
      new Set(['none']),
    )
  })
})
