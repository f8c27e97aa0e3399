import { expect, it } from 'vitest'
import { command, eventually } from './command.ts'
import { tinyApp } from './tiny-app.ts'

it('dev serves, follows the files, keeps its ports and its database, and survives mistakes', async () => {
  using app = tinyApp()
  const dev = command(['dev'], { cwd: app.folder })
  const listed = () => JSON.parse(app.read('.typestead/endpoints.json'))
  await eventually(() => listed().application, dev)
  const { application, workbench } = listed()
  const ask = async (query: string) => {
    const body = JSON.stringify({ query })
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${application}/api`, { method: 'POST', headers, body })).text()
  }
  await eventually(
    async () => (await ask('{ posts(first: 1) { nodes { title } } }')).includes('Post'),
    dev,
  )
  const database = app.read('.typestead/postgres/postmaster.pid')
  await eventually(() => JSON.parse(app.read('.typestead/postgres.lock')).holders.length === 2, dev)

  app.edit(
    'model.ts',
    'title: string().max(200),',
    'title: string().max(200),\n  subtitle: string().nullable(),',
  )
  await eventually(
    async () =>
      (await ask('{ posts(first: 1) { nodes { subtitle } } }')).includes('"subtitle":null'),
    dev,
  )
  expect(dev.output()).toContain('alter table "post" add column "subtitle"')
  expect(listed()).toMatchObject({ application, workbench })
  expect(app.read('.typestead/postgres/postmaster.pid')).toBe(database)

  app.edit('model.ts', 'export class Post', 'export clas Post')
  await eventually(() => dev.output().includes('waiting for a change'), dev)
  app.edit('model.ts', 'export clas Post', 'export class Post')
  await eventually(async () => (await ask('{ __typename }')).includes('Query'), dev)

  app.edit('model.ts', '\n  subtitle: string().nullable(),', '')
  await eventually(() => dev.output().includes('MIGRATIONS_PENDING'), dev)
  expect(dev.output()).toContain('Post.subtitle is gone')

  dev.child.kill('SIGTERM')
  expect((await dev.ended).code).toBe(0)
  expect(() => app.read('.typestead/postgres/postmaster.pid')).toThrow('ENOENT')
})
