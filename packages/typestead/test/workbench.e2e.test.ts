/** The workbench's parts over HTTP, as the console and other programs ask them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type RunningApp, startApp } from './command.ts'
import { type TinyApp, tinyApp } from './tiny-app.ts'

let app: TinyApp
let running: RunningApp

beforeAll(async () => {
  app = tinyApp()
  app.edit(
    'model.ts',
    'export const model = defineModel({ User, Post, Session })',
    `export class Note extends Entity('Note', { id: id(), text: string().min(1), revision: int().default(0) },
      { version: 'revision' }) {}
    export class Shelf extends Entity('Shelf', { room: string(), number: int(), label: string().nullable() },
      { key: ['room', 'number'] }) {}
    export const model = defineModel({ User, Post, Note, Shelf, Session })`,
  )
  app.edit('model.ts', 'import { ', 'import { int, ')
  running = await startApp(app.folder)
})

afterAll(async () => {
  await running?.[Symbol.asyncDispose]()
  app?.[Symbol.dispose]()
})

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what is answered is what the tests look at
  readonly body: any
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${running.workbench}/_typestead${path}`, init)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, body: isJson ? JSON.parse(text) : text }
}

const send = (method: string, path: string, body: unknown) =>
  ask(path, { method, body: typeof body === 'string' ? body : JSON.stringify(body) })

const firstKey = async (entity: string): Promise<string> =>
  (await ask(`/rows/${entity}?first=1`)).body.rows[0].key

/** Reads events until they match. */
async function read(
  query: string,
  until: RegExp,
  headers: Record<string, string> = {},
): Promise<string> {
  const end = new AbortController()
  const response = await fetch(`${running.workbench}/_typestead/events${query}`, {
    headers,
    signal: end.signal,
  })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk)
    if (until.test(text)) break
  }
  end.abort()
  return text
}

describe('what the app is', () => {
  it('its name, entities and origin; its model; its schema', async () => {
    expect((await ask('/app')).body).toMatchObject({
      name: 'Tiny',
      application: running.application,
      entities: ['User', 'Post', 'Note', 'Shelf', 'Session'],
      api: true,
    })
    expect((await ask('/model')).body.entities).toHaveLength(5)
    expect((await ask('/schema')).body).toContain('type Query')
    expect((await ask('/migrations')).body[0].summary).toContain('new entity User')
    expect((await ask('/nothing')).status).toBe(404)
  })

  it('its API and GraphiQL on this origin, in a frame of it alone', async () => {
    const { body } = await ask('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ posts(first: 1) { nodes { title } } }' }),
    })
    expect(body.data.posts.nodes).toHaveLength(1)
    const { headers } = await fetch(`${running.workbench}/_typestead/graphql/graphiql`)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'")
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    const foreign = await fetch(`${running.workbench}/_typestead/graphql`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{}',
    })
    expect(foreign.status).toBe(403)
  })
})

describe('rows', () => {
  it('come in pages by cursor, filtered and ordered, without secrets', async () => {
    const first = await ask('/rows/Post?first=3&order={"title":"desc"}&count=1')
    expect(first.body.total).toBe(200)
    expect(first.body.hasNext).toBe(true)
    expect(first.body.rows[0]).toMatchObject({
      values: { title: 'Post 99' },
      links: { author: 'Ann' },
    })
    const after = encodeURIComponent(first.body.cursors[2])
    const second = await ask(`/rows/Post?first=3&order={"title":"desc"}&after=${after}`)
    expect(second.body.rows[0].values.title).toBe('Post 96')
    const before = encodeURIComponent(second.body.cursors[0])
    const back = await ask(`/rows/Post?first=3&order={"title":"desc"}&before=${before}`)
    expect(back.body.rows).toEqual(first.body.rows)
    const found = await ask('/rows/Post?where={"title":{"contains":"ost 19"}}')
    expect(found.body.rows).toHaveLength(11)
    expect(JSON.stringify((await ask('/rows/User')).body)).not.toContain('scrypt')
    expect((await ask('/rows')).body).toContainEqual({ entity: 'Post', rows: 200 })
  })

  it('refuse what is wrong, naming it', async () => {
    const wrong = async (path: string) => {
      const { status, body } = await ask(path)
      return [status, body.error.code, body.error.issues?.[0]?.path.join('.')]
    }
    expect(await wrong('/rows/Nothing')).toEqual([404, 'NOT_FOUND', undefined])
    expect(await wrong('/rows/Post?where={')).toEqual([400, 'BAD_INPUT', 'where'])
    expect(await wrong('/rows/Post?where={"nix":1}')).toEqual([400, 'BAD_INPUT', 'nix'])
    expect(await wrong('/rows/User?where={"password":"x"}')).toEqual([400, 'BAD_INPUT', 'password'])
    expect(await wrong('/rows/User?order={"password":"asc"}')).toEqual([
      400,
      'BAD_INPUT',
      'password',
    ])
    expect(await wrong('/rows/Post?order=3')).toEqual([400, 'BAD_INPUT', '0'])
    expect(await wrong('/rows/Post?first=0')).toEqual([400, 'BAD_INPUT', 'first'])
    expect(await wrong('/rows/Post?first=1000')).toEqual([400, 'BAD_INPUT', 'first'])
    expect(await wrong('/rows/Post?after=x')).toEqual([400, 'BAD_CURSOR', undefined])
    expect(await wrong('/rows/Post/nobody')).toEqual([404, 'NOT_FOUND', undefined])
  })

  it('are created, changed and deleted; what is refused names its fields', async () => {
    const author = await firstKey('User')
    const made = await send('POST', '/rows/Post', { values: { title: 'New', author } })
    expect(made.status).toBe(201)
    const path = `/rows/Post/${made.body.key}`
    expect((await send('PATCH', path, { values: { title: 'Newer' } })).body).toMatchObject({
      key: made.body.key,
      values: { title: 'Newer', author },
      links: { author: 'Ann' },
    })
    expect((await ask(path)).body.values.title).toBe('Newer')
    const long = await send('PATCH', path, { values: { title: 'x'.repeat(201), nix: 1 } })
    expect(long.status).toBe(400)
    const paths = long.body.error.issues.map((issue: { path: string[] }) => issue.path.join('.'))
    expect(paths.sort()).toEqual(['nix', 'title'])
    expect((await send('DELETE', path, {})).status).toBe(200)
    expect((await send('DELETE', path, {})).status).toBe(404)
    expect((await send('PATCH', path, { values: { title: 'x' } })).status).toBe(404)
    for (const body of ['{', '[]', '{"values":[]}', '{"values":{},"version":"1"}']) {
      expect((await send('POST', '/rows/Post', body)).body.error.code).toBe('BAD_INPUT')
    }
    expect((await send('DELETE', `/rows/User/${author}`, {})).body.error.code).toBe('REFERENCED')
  })

  it('that must be unique say which field; a password is hashed, checked before, and never told', async () => {
    const user = { email: 'ann@example.com', name: 'Second', password: 'long enough' }
    const taken = await send('POST', '/rows/User', { values: user })
    expect(taken).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT', issues: [{ path: ['email'] }] } },
    })
    const short = await send('POST', '/rows/User', { values: { ...user, password: 'short' } })
    expect(short.body.error.issues[0].path).toEqual(['password'])
    const values = { ...user, email: 'bob@example.com' }
    const made = await send('POST', '/rows/User', { values })
    expect(made.status).toBe(201)
    expect(made.body.values).not.toHaveProperty('password')
    const signedIn = await fetch(`${running.application}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'bob@example.com', password: 'long enough' }),
    })
    expect(signedIn.status).toBe(201)
  })

  it('with a version are changed only as they were read', async () => {
    const made = await send('POST', '/rows/Note', { values: { text: 'one' } })
    const path = `/rows/Note/${made.body.key}`
    const version = made.body.values.revision
    const changed = await send('PATCH', path, { values: { text: 'two' }, version })
    expect(changed.body.values.revision).toBe(version + 1)
    const stale = await send('PATCH', path, { values: { text: 'three' }, version })
    expect([stale.status, stale.body.error.code]).toEqual([409, 'STALE'])
    expect((await ask(path)).body.values.text).toBe('two')
  })

  it('of a key of several parts are named by JSON', async () => {
    const values = { room: 'a/b', number: 2 }
    const made = await send('POST', '/rows/Shelf', { values })
    expect(made.body.key).toEqual(values)
    const path = `/rows/Shelf/${encodeURIComponent(JSON.stringify(values))}`
    expect((await send('PATCH', path, { values: { label: 'x' } })).body.values.label).toBe('x')
    expect((await send('DELETE', path, {})).status).toBe(200)
    expect((await ask('/rows/Shelf/nobody')).status).toBe(404)
  })
})

describe('what happens', () => {
  it('health by part, log, requests with what they asked of the store, samples of the metrics', async () => {
    expect((await ask('/health')).body).toMatchObject({
      status: 'ready',
      parts: [
        { name: 'process', problem: null },
        { name: 'store', problem: null },
      ],
    })
    await running.ask('{ posts(first: 1) { nodes { title } } }', { 'x-request-id': 'of-this-test' })
    await eventually(async () => {
      const { body } = await ask('/traces')
      return body.some(
        (trace: { requestId: string; spans: unknown[] }) =>
          trace.requestId === 'of-this-test' && trace.spans.length > 0,
      )
    })
    const entries = (await ask('/logs')).body
    expect(
      entries.some((entry: { requestId?: string }) => entry.requestId === 'of-this-test'),
    ).toBe(true)
    await eventually(async () => (await ask('/metrics')).body.length > 1)
    expect((await ask('/metrics?last=1')).body[0].memory).toBeGreaterThan(1_000_000)
    expect((await ask('/logs?last=1')).body).toHaveLength(1)
    expect((await ask('/logs?last=-1')).body.error.code).toBe('BAD_INPUT')
    expect((await ask('/plans')).body.at(-1)).toMatchObject({ operation: 'posts' })
    expect((await ask('/channels')).body.status).toBe('watched')
  })

  it('comes as events, and goes on after the last one that a reader has', async () => {
    const reading = read(
      '?topics=plans,health,plan',
      /^(?=[\s\S]*event: plans\n)(?=[\s\S]*event: plan\ndata: {"status":"ready")/,
    )
    await running.ask('{ posts(first: 2) { nodes { title } } }')
    const text = await reading
    expect(text.indexOf('event: hello')).toBeLessThan(text.indexOf('event: plans'))
    const [last = ''] =
      text
        .match(/^id: .*/gm)
        ?.at(-1)
        ?.slice(4)
        .split('\n') ?? []
    await running.ask('{ posts(first: 3) { nodes { title } } }')
    const resumed = await read('?topics=plans', /event: plans/, { 'last-event-id': last })
    expect(resumed).toContain('event: hello')
    expect((await ask('/events?topics=nothing')).status).toBe(400)
  })
})

it('tells of committed writes, by key and without values', async () => {
  const key = await firstKey('User')
  const reading = read('?topics=rows', /event: rows/)
  await eventually(async () => {
    await send('PATCH', `/rows/User/${key}`, { values: { name: `Ann ${performance.now()}` } })
    return Promise.race([
      reading.then(() => true),
      new Promise<false>((r) => setTimeout(r, 200, false)),
    ])
  })
  const text = await reading
  expect(text).toContain(`data: {"entity":"User","op":"update","key":"${key}"}`)
})

describe('the plan of the files as they are', () => {
  it('follows a change, marks what loses values, and says what is wrong with a file', async () => {
    const state = async () => (await ask('/live-plan')).body
    expect(await state()).toMatchObject({ status: 'ready', plan: { changes: [] }, refused: [] })
    app.edit(
      'model.ts',
      '  title: string().max(200),',
      '  headline: string().max(200).default(""),',
    )
    app.edit('typestead.config.ts', 'title:', 'headline:')
    await eventually(async () => (await state()).plan?.changes.length > 1)
    const { refused, plan } = await state()
    expect(refused.map(({ reason }: { reason: string }) => reason)).toContain('loses')
    expect(plan.parts.some(({ part }: { part: string }) => part === 'PostgreSQL')).toBe(true)
    app.edit('model.ts', 'export class Post', 'export klass Post')
    await eventually(async () => (await state()).status === 'failed')
    expect((await state()).message).toContain('model.ts')
  })
})

it('ends what streams when it is told to stop', async () => {
  using other = tinyApp()
  await using second = await startApp(other.folder)
  const response = await fetch(`${second.workbench}/_typestead/events`)
  const text = response.text()
  const outcome = await second.stop()
  expect(outcome.code).toBe(0)
  expect(await text).toContain('event: hello')
})
