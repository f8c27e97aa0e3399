import { expect, it } from 'vitest'
import { run, startApp } from './command.ts'
import { tinyApp } from './tiny-app.ts'

const entities = `
import { Entity, id, string } from '@typestead/entity'
export class Note extends Entity('Note', { id: id(), text: string() }) {}
`

it('graphql schema prints the schema of an app without its database', async () => {
  using app = tinyApp()
  const { code, stdout } = await run(['graphql', 'schema'], {
    cwd: app.folder,
    env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' },
  })
  expect(code).toBe(0)
  expect(stdout).toMatch(/type Post \{[\s\S]*title: String!/)
})

it('graphql schema and serve work for a file of entities outside any app', async () => {
  using app = tinyApp({ 'package.json': '{ "type": "module" }', 'notes.ts': entities })
  const { code, stdout } = await run(['graphql', 'schema', 'notes.ts', '--json'], {
    cwd: app.folder,
  })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).schema).toContain('type Note {')
  await using running = await startApp(app.folder, { args: ['graphql', 'serve', 'notes.ts'] })
  await running.ask('mutation { createNote(data: { text: "hello" }) { id } }')
  expect(await (await running.ask('{ notes { nodes { text } } }')).json()).toEqual({
    data: { notes: { nodes: [{ text: 'hello' }] } },
  })
  expect((await running.stop()).code).toBe(0)
})

it('graphql says what a file lacks', async () => {
  using app = tinyApp({
    'package.json': '{ "type": "module" }',
    'empty.ts': 'export const nothing = 1',
  })
  const { code, stderr } = await run(['graphql', 'schema', 'empty.ts'], { cwd: app.folder })
  expect(code).toBe(1)
  expect(stderr).toContain('exports neither a model')
})
