import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TinyClient, tinyClient } from './tiny-client.ts'

const subscription = 'subscription { postChanged { op node { title } } }'

let client: TinyClient
beforeAll(async () => {
  client = await tinyClient()
})
afterAll(() => client?.[Symbol.asyncDispose]())

interface Socket {
  readonly socket: WebSocket
  readonly messages: Record<string, unknown>[]
  readonly closed: Promise<number>
}

/** Node's own client, which says nothing of its origin unless told. */
function connect(headers: Record<string, string> = {}): Socket {
  const url = `${client.running.application.replace('http', 'ws')}/api`
  // The headers are of Node's client alone, so the type of browsers does not know them.
  const options = { protocols: ['graphql-transport-ws'], headers } as unknown as string[]
  const socket = new WebSocket(url, options)
  const messages: Record<string, unknown>[] = []
  const send = (message: object) => socket.send(JSON.stringify(message))
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>
    messages.push(message)
    if (message.type === 'connection_ack') {
      send({ id: '1', type: 'subscribe', payload: { query: subscription } })
    }
  })
  socket.addEventListener('open', () => send({ type: 'connection_init' }))
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code))
  })
  return { socket, messages, closed }
}

const titles = ({ messages }: Socket) =>
  messages
    .filter(({ type }) => type === 'next')
    .map(({ payload }) => JSON.stringify(payload).match(/"title":"([^"]*)"/)?.[1])

it('a signed-in page gets what is written, until it signs out', async () => {
  const cookie = await client.adminCookie()
  const origin = client.running.application
  const reader = connect()
  const admin = connect({ cookie, origin })
  await expect.poll(() => admin.messages.length + reader.messages.length).toBe(2)
  await expect
    .poll(async () => {
      await client.renamePost({ cookie, origin })
      return [titles(reader).at(-1), titles(admin).at(-1)]
    })
    .toEqual(['Renamed', 'Renamed'])
  const out = await client.send('/sign-out', { method: 'POST', headers: { cookie, origin } })
  expect(out.status).toBe(303)
  expect(await admin.closed).toBe(1006)
  expect(reader.socket.readyState).toBe(WebSocket.OPEN)
  reader.socket.close()
})

it('a stream of events ends with its session', async () => {
  const cookie = await client.adminCookie()
  const origin = client.running.application
  const response = await client.send('/api', {
    method: 'POST',
    headers: { cookie, origin, accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: subscription }),
  })
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const cut = expect(response.text()).rejects.toThrow()
  await client.send('/sessions', { method: 'DELETE', headers: { cookie, origin } })
  await cut
})

it.each([
  ['pages of other origins', { origin: 'https://evil.example' }, '/api', 403],
  ['sessions without an origin', { cookie: 'typestead_session=x' }, '/api', 403],
  ['other hosts', { host: 'evil.example' }, '/api', 403],
  ['other paths', {}, '/elsewhere', 404],
])('%s are refused', async (_, headers, path, status) => {
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'graphql-transport-ws',
  }
  const answered = await new Promise<number | undefined>((resolve, reject) => {
    request(client.running.application + path, { headers: { ...handshake, ...headers } })
      .on('response', ({ statusCode }) => resolve(statusCode))
      .on('upgrade', ({ statusCode }) => resolve(statusCode))
      .on('error', reject)
      .end()
  })
  expect(answered).toBe(status)
})

it('the workbench shows how operations were answered', async () => {
  const latest = async () => {
    await client.running.ask('query Titles { posts(first: 2) { nodes { title } } }')
    const response = await fetch(`${client.running.workbench}/_typestead/plans`)
    return ((await response.json()) as readonly Record<string, unknown>[]).at(-1)
  }
  expect(await latest()).toMatchObject({
    operation: 'Titles',
    kind: 'text',
    sql: expect.stringContaining('select'),
  })
  // Two rows and their page; they are counted once somebody looks.
  expect(await latest()).toMatchObject({ operation: 'Titles', kind: 'text', rows: 3 })
})

it('subscribers are told that the app stops', async () => {
  const reader = connect()
  await expect.poll(() => reader.messages.length).toBe(1)
  const stopped = client.running.stop()
  expect(await reader.closed).toBe(1001)
  expect(JSON.stringify(reader.messages)).toContain('UNAVAILABLE')
  expect((await stopped).code).toBe(0)
})
