import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, startApp } from './command.ts'
import { type TinyApp, tinyApp, tinyFiles } from './tiny-app.ts'

const title = 'title: string().max(200),'

let app: TinyApp

/** One populated data folder for all: each test says what its classes are. */
beforeAll(async () => {
  app = tinyApp()
  await (await startApp(app.folder)).stop()
})

afterAll(() => app[Symbol.dispose]())

function model(from = '', to = ''): void {
  const text = tinyFiles['model.ts'] ?? ''
  if (!text.includes(from)) throw new Error(`the model has no "${from}"`)
  app.write('model.ts', text.replace(from, to))
}

const typestead = (...args: string[]) => run(args, { cwd: app.folder })

describe('plan', () => {
  it('has nothing to say of a model that is stored and served', async () => {
    model()
    const { code, stdout } = await typestead('plan')
    expect(stdout).toContain('Nothing to do')
    expect(code).toBe(0)
  })

  it('takes a recorded schema that is garbage for none, says which file, and start replaces it', async () => {
    model()
    const served = app.read('.typestead/schema.graphql')
    app.write('.typestead/schema.graphql', 'type {')
    const { code, stdout } = await typestead('plan')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Note: .*\.typestead\/schema\.graphql cannot be read .*Syntax Error/)
    await using running = await startApp(app.folder)
    const { stdout: log } = await running.stop()
    expect(log).toMatch(/"warn".*\.typestead\/schema\.graphql cannot be read/)
    expect(app.read('.typestead/schema.graphql')).toBe(served)
    expect((await typestead('plan')).stdout).not.toContain('Note:')
  })

  it('shows all that follows from one new line, together', async () => {
    model(title, `${title}\n  subtitle: string().nullable(),`)
    const { code, stdout } = await typestead('plan')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Post\n {2}• new field Post\.subtitle, null in older rows\n/)
    expect(stdout).toContain('alter table "post" add column "subtitle" text')
    expect(stdout).toMatch(/MongoDB validator[\s\S]*subtitle: \{"bsonType":\["string","null"\]/)
    expect(stdout).toMatch(/GraphQL[\s\S]*Post\.subtitle was added/)
    expect(stdout).toMatch(/JSON Schema[\s\S]*\+ subtitle: /)
    expect((await typestead('plan', '--check')).code).toBe(3)
  })

  it('works beside a running app, and writes nothing', async () => {
    model()
    await using running = await startApp(app.folder)
    model(title, `${title}\n  subtitle: string().nullable(),`)
    const { code, stdout } = await typestead('plan', '--json')
    const plan = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(plan.changes).toMatchObject([{ kind: 'addField', entity: 'Post', effect: 'safe' }])
    expect(plan.refused).toEqual([])
    const validator = plan.parts.find((part: { part: string }) => part.part === 'MongoDB validator')
    expect(validator.data).toMatchObject({
      collMod: 'post',
      validator: { $jsonSchema: { bsonType: 'object' } },
    })
    expect((await running.ask('{ posts(first: 1) { nodes { title } } }')).status).toBe(200)
    expect((await running.stop()).code).toBe(0)
  })

  const refused = [
    [
      'a field that is gone',
      title,
      '',
      "if it has another name now, write .was('title')",
      ['--allow-loss', '--allow-breaking'],
    ],
    [
      'a new required field',
      title,
      `${title}\n  slug: string(),`,
      'add .nullable(), .default(…) or .backfill(…)',
      undefined,
    ],
    [
      'a type that keeps no values',
      title,
      'title: int(),',
      'say --allow-loss',
      ['--allow-loss', '--allow-breaking'],
    ],
  ] as const
  for (const [what, from, to, advice, allowing] of refused) {
    it(`refuses ${what}, and says what to write`, async () => {
      model(from, to)
      app.edit('model.ts', 'hasMany, id,', 'hasMany, id, int,')
      const { code, stderr } = await typestead('plan')
      expect(code).toBe(4)
      expect(stderr).toContain('Refused:')
      expect(stderr).toContain(advice)
      if (allowing) expect((await typestead('plan', ...allowing)).code).toBe(0)
    })
  }

  it('refuses what breaks clients, also where no value is lost', async () => {
    model('name: string(),', 'name: string().secret(),')
    const { code, stderr } = await typestead('plan')
    expect(code).toBe(4)
    expect(stderr).toContain('GraphQL: ')
    expect(stderr).toContain('--allow-breaking')
  })

  it('takes a rename by .was() as one, with an alias for clients', async () => {
    model(title, `headline: string().max(200).was('title'),`)
    const { stdout } = await typestead('plan')
    expect(stdout).toContain('Post.title becomes Post.headline')
    expect(stdout).toMatch(/rename column "title" to "headline"/)
  })

  it('compares with a descriptor that it printed earlier, without a database', async () => {
    model()
    const { stdout: printed } = await typestead('plan', '--descriptor')
    const descriptor: Descriptor = JSON.parse(printed)
    const post = descriptor.entities.find(({ name }) => name === 'Post')
    post?.fields.splice(0, 10, ...post.fields.filter(({ name }) => name !== 'title'))
    writeFileSync(join(app.folder, 'older.json'), JSON.stringify(descriptor))
    const { stdout } = await typestead('plan', '--json', '--from', 'older.json')
    expect(JSON.parse(stdout).changes).toMatchObject([{ kind: 'addField', entity: 'Post' }])
  })
})

interface Descriptor {
  readonly version: number
  readonly entities: { name: string; fields: { name: string }[] }[]
}

describe('migrate', () => {
  it('is asked for by start, and brings a new field to rows, API and types', async () => {
    model(title, `${title}\n  subtitle: string().default('none'),`)
    const waiting = await typestead('start')
    expect(waiting.code).toBe(3)
    expect(waiting.stderr).toContain('new field Post.subtitle')
    const dry = await typestead('db', 'migrate', '--dry-run')
    expect(dry.stdout).toContain('Nothing was changed')
    expect((await typestead('start')).code).toBe(3)
    const migrated = await typestead('db', 'migrate')
    expect(migrated.code).toBe(0)
    expect(migrated.stdout).toContain('alter table "post"')
    await using running = await startApp(app.folder)
    const { data } = await (
      await running.ask('{ posts(first: 1000) { nodes { title subtitle } } }')
    ).json()
    expect(data.posts.nodes).toHaveLength(200)
    expect(data.posts.nodes.every((node: { subtitle: string }) => node.subtitle === 'none')).toBe(
      true,
    )
    expect((await running.stop()).code).toBe(0)
    expect((await typestead('db', 'migrate')).stdout).toContain('Nothing to migrate')
  })

  it('at the same time by two processes is done once', async () => {
    model(title, `${title}\n  subtitle: string().default('none'),\n  rating: int().default(3),`)
    app.edit('model.ts', 'hasMany, id,', 'hasMany, id, int,')
    const both = await Promise.all([
      typestead('db', 'migrate', '--json'),
      typestead('db', 'migrate', '--json'),
    ])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    const applied = both.map(({ stdout }) => JSON.parse(stdout).applied)
    expect(applied.sort()).toEqual([false, true])
  })

  it('refuses to lose values unless it is told to', async () => {
    model()
    const { code, stderr } = await typestead('db', 'migrate')
    expect(code).toBe(4)
    expect(stderr).toContain('Post.rating')
    expect((await typestead('db', 'migrate', '--dry-run')).code).toBe(4)
    expect((await typestead('db', 'migrate', '--allow-loss')).code).toBe(0)
    expect((await typestead('plan', '--allow-breaking')).stdout).not.toContain('PostgreSQL')
  })
})

describe('seed and reset', () => {
  it('fill only an empty database, and empty it only when told to', async () => {
    model()
    const full = await typestead('db', 'seed')
    expect(full.code).toBe(4)
    expect(full.stderr).toContain('has rows already')
    const asked = await typestead('db', 'reset')
    expect(asked.code).toBe(4)
    expect(asked.stderr).toContain('say --yes')
    expect((await typestead('db', 'reset', '--yes')).code).toBe(0)
    const seeded = await typestead('db', 'seed', '--json')
    expect(seeded.code).toBe(0)
    expect(JSON.parse(seeded.stdout)).toMatchObject({ seeded: true })
    await using running = await startApp(app.folder)
    const { data } = await (await running.ask('{ posts(first: 1000) { nodes { id } } }')).json()
    expect(data.posts.nodes).toHaveLength(200)
  })
})
