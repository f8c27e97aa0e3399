import { once } from 'node:events'
import { Agent, createServer, get, request as httpRequest, type Server } from 'node:http'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { acceptHttp2, type Http2Connections } from './accept-http2.ts'

let server: Server
let http2: Http2Connections
let port: number
let release: () => void
const closing: (() => void)[] = []

beforeEach(async () => {
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const listener = getRequestListener(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/held') await held
    const body = request.method === 'POST' ? await request.text() : ''
    return Response.json({ path: pathname, host: request.headers.get('host'), size: body.length })
  })
  server = createServer(
    { headersTimeout: 1_000, requestTimeout: 2_000, connectionsCheckingInterval: 100 },
    listener,
  )
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (incoming, socket, head) => {
    sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
      webSocket.on('message', (data) => webSocket.send(`echo ${data}`))
    })
  })
  http2 = acceptHttp2(server, { prefaceTimeout: 300, requestTimeout: 400, maxConcurrentStreams: 5 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterEach(async () => {
  release()
  for (const close of closing.splice(0)) close()
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await Promise.all([closed, http2.stop(100)])
})

describe('HTTP/1.1 is as before', () => {
  it('requests on a connection kept alive, with bodies', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    closing.push(() => agent.destroy())
    const ports = new Set<number | undefined>()
    for (const size of [0, 10, 500_000]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const sending = httpRequest({ port, agent, method: 'POST', path: '/a' }, (response) => {
          let text = ''
          response.on('data', (part) => {
            text += part
          })
          response.on('end', () => resolve(text))
        })
        sending.on('error', reject)
        sending.on('socket', (socket) => socket.once('connect', () => ports.add(socket.localPort)))
        sending.end('x'.repeat(size))
      })
      expect(JSON.parse(answer)).toMatchObject({ path: '/a', size })
    }
    expect(ports.size).toBe(1)
  })

  it('a request that comes byte by byte, and several at once', async () => {
    const one = await tcp()
    for (const byte of 'PUT /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi') {
      one.socket.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await one.until('}')).toContain('"path":"/slow"')
    const two = await tcp()
    two.socket.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await two.until('"/2"')).toContain('"/1"')
  })

  it('requests that begin as the preface does', async () => {
    const one = await tcp()
    one.socket.write('P')
    await new Promise((resolve) => setTimeout(resolve, 20))
    one.socket.write('ROPFIND /x HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await one.until('}')).toContain('"path":"/x"')
  })

  it('bytes that are no HTTP get 400', async () => {
    const one = await tcp()
    one.socket.write('PRINT this\r\n\r\n')
    expect(await one.until('400')).toContain('400 Bad Request')
  })

  it('a client that says nothing, or half a request, is timed out by node:http', async () => {
    const [silent, half] = await Promise.all([tcp(), tcp()])
    half.socket.write('GET / HTTP/1.1\r\nHost')
    expect(await half.ended).toContain('408')
    await silent.ended
  })

  it('WebSocket upgrades', async () => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/chat`)
    await once(client, 'open')
    client.send('hello')
    expect(String((await once(client, 'message'))[0])).toBe('echo hello')
    client.close()
    await once(client, 'close')
  })
})

describe('HTTP/2 with prior knowledge', () => {
  it('many requests on one connection, host filled in', async () => {
    const session = open()
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        ask(session, { ':path': `/${n}`, ':method': 'POST' }, 'x'.repeat(n * 100_000)),
      ),
    )
    expect(answers.map(({ body }) => JSON.parse(body))).toEqual(
      answers.map((_, n) => ({ path: `/${n}`, host: `127.0.0.1:${port}`, size: n * 100_000 })),
    )
  })

  it('a preface that comes in parts', async () => {
    const one = await tcp()
    for (const byte of 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n') {
      one.socket.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    // An empty SETTINGS frame; the server's own comes back, of type 4.
    one.socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))
    const [first] = await one.firstBytes
    expect((first as Buffer)[3]).toBe(4)
  })

  it('half a preface is given up', async () => {
    const one = await tcp()
    one.socket.write('PRI * HT')
    expect(await one.ended).toBe('')
  })

  it('a preface that goes on otherwise closes that connection only', async () => {
    const one = await tcp()
    one.socket.write('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')
    await one.ended
    expect((await ask(open(), { ':path': '/after' })).status).toBe(200)
  })

  it('more streams at once than allowed wait for their turn or are refused', async () => {
    const session = open()
    await once(session, 'remoteSettings')
    expect(session.remoteSettings.maxConcurrentStreams).toBe(5)
    const all = Array.from({ length: 10 }, () => ask(session, { ':path': '/held' }))
    setTimeout(release, 50)
    expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true)
  })

  it('streams opened and reset in a flood end the connection', async () => {
    const session = open()
    // The error that comes with it would reject `once`.
    const gone = new Promise((resolve) => session.once('close', resolve))
    for (let n = 0; n < 3_000 && !session.closed && !session.destroyed; n++) {
      const stream = session.request({ ':path': '/held' })
      stream.on('error', () => {})
      stream.close(constants.NGHTTP2_CANCEL)
      if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await gone
    expect((await ask(open(), { ':path': '/after' })).status).toBe(200)
  })

  it('a body that does not come is answered 408', async () => {
    const session = open()
    const stream = session.request({ ':path': '/slow', ':method': 'POST' })
    stream.write('a')
    const [headers] = await once(stream, 'response')
    expect(headers[':status']).toBe(408)
    stream.close()
  })

  it('a client that breaks off harms nobody', async () => {
    const one = open()
    const held = one.request({ ':path': '/held' })
    held.on('error', () => {})
    await new Promise((resolve) => setTimeout(resolve, 20))
    one.destroy()
    release()
    expect((await ask(open(), { ':path': '/after' })).status).toBe(200)
  })

  it('stop lets requests end and says goodbye', async () => {
    const session = open()
    const running = ask(session, { ':path': '/held' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stopped = http2.stop(5_000)
    setTimeout(release, 50)
    expect((await running).status).toBe(200)
    await stopped
    expect(session.closed).toBe(true)
  })

  it('stop closes what does not end', async () => {
    const session = open()
    const running = ask(session, { ':path': '/held' }).catch((error: Error) => error)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await http2.stop(50)
    await running
    expect(session.destroyed || session.closed).toBe(true)
  })
})

it('both at once', async () => {
  const session = open()
  // Until then a client does not know how many streams it may open.
  await once(session, 'remoteSettings')
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      n % 2 === 0
        ? ask(session, { ':path': '/two' }).then(({ body }) => body)
        : new Promise<string>((resolve, reject) => {
            get({ port, path: '/one' }, (response) => {
              response.on('data', (part) => resolve(String(part)))
            }).on('error', reject)
          }),
    ),
  )
  expect(answers.filter((body) => body.includes('/two'))).toHaveLength(20)
  expect(answers.filter((body) => body.includes('/one'))).toHaveLength(20)
})

function open(): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  closing.push(() => session.destroy())
  return session
}

async function ask(
  session: ClientHttp2Session,
  headers: Record<string, string>,
  body?: string,
): Promise<{ status: number | undefined; body: string }> {
  const stream = session.request(headers)
  stream.end(body)
  let text = ''
  let status: number | undefined
  stream.on('response', (answer) => {
    status = answer[':status']
  })
  stream.on('data', (part) => {
    text += part
  })
  await once(stream, 'close')
  return { status, body: text }
}

interface Tcp {
  readonly socket: Socket
  /** What came, once `text` is in it. */
  until(text: string): Promise<string>
  readonly ended: Promise<string>
  readonly firstBytes: Promise<unknown[]>
}

async function tcp(): Promise<Tcp> {
  const socket = connectTcp(port, '127.0.0.1')
  closing.push(() => socket.destroy())
  socket.on('error', () => {})
  let received = ''
  socket.on('data', (part) => {
    received += part.toString('latin1')
  })
  const firstBytes = once(socket, 'data')
  firstBytes.catch(() => {})
  const ended = once(socket, 'close').then(() => received)
  await once(socket, 'connect')
  return {
    socket,
    ended,
    firstBytes,
    async until(text) {
      while (!received.includes(text) && !socket.destroyed) {
        await Promise.race([once(socket, 'data'), ended])
      }
      return received
    },
  }
}
