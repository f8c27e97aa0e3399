import { defineModel, describe, Entity, id, string } from '@typestead/entity'
import { expect, it } from 'vitest'
import { workbenchPage } from './workbench-page.ts'

class User extends Entity('User', { id: id(), password: string().secret() }) {}

it('without a console, a plain page says how the app is and what it is made of', async () => {
  const page = (reasons: Record<string, string>) =>
    workbenchPage({
      name: '<Shop>',
      application: 'http://127.0.0.1:4000',
      readiness: { status: 'store' in reasons ? 'unavailable' : 'ready', reasons },
      model: describe(defineModel({ User })),
    }).text()
  expect(await page({})).toContain('Everything serves.')
  expect(await page({})).toContain('password: text (secret)')
  expect(await page({})).not.toContain('<Shop>')
  expect(await page({ store: 'no answer' })).toContain('store: no answer')
})
