/**
 * Connections that ask for another protocol (WebSocket), taken at `/api` and by chats. Host, Origin and session are judged as for
 * requests that change something: the browser of a page of another origin would send the reader's cookie along.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { SignedIn } from '../config/define-config.ts'
import { tokenOf } from '../sign-in/cookie.ts'
import type { SessionStreams } from '../sign-in/session-streams.ts'
import type { Services } from './app-server.ts'
import { errorResponse, HttpError } from './error-response.ts'
import { checkOrigin } from './host-check.ts'

export interface UpgradeOptions {
  /** @throws {HttpError} for a Host that is not ours */
  readonly checkHost: (request: Request) => void
  readonly services: Services | undefined
  /** Keeps who sent the request. */
  readonly identify: (request: Request, current: SignedIn) => void
  readonly streams: SessionStreams
}

/** Hands the connection to the API, or refuses it with the status that a request would get. */
export async function upgrade(
  options: UpgradeOptions,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  try {
    await handOver(options, incoming, socket, head)
  } catch (error) {
    const { status } = errorResponse(error, '').response
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    )
  }
}

async function handOver(
  { checkHost, services, identify, streams }: UpgradeOptions,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const request = requestOf(incoming)
  checkHost(request)
  if (services === undefined) throw new HttpError(503, 'STARTING', 'it does not serve yet')
  const { api, signIn, bots } = services
  const { pathname } = new URL(request.url)
  const ofBots = bots?.upgradeAt(pathname)
  const ofApi = pathname === '/api' ? api?.upgrade?.bind(api) : undefined
  if (ofBots === undefined && ofApi === undefined) {
    throw new HttpError(404, 'NOT_FOUND', 'there is nothing to upgrade here')
  }
  const token = tokenOf(request)
  checkOrigin(request, request.headers.get('host'), token !== undefined)
  const current = token === undefined ? undefined : await signIn?.sessions.find(token)
  // The far end may be gone meanwhile.
  if (socket.destroyed) return
  if (token !== undefined && current !== undefined) {
    identify(request, current)
    streams.keep(token, socket)
  }
  if (ofBots) ofBots(incoming, socket, head)
  else ofApi?.(incoming, socket, head, request)
}

export function requestOf({ headers, url }: IncomingMessage): Request {
  const copied = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) copied.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return new Request(new URL(url ?? '/', `http://${headers.host ?? 'localhost'}`), {
    method: 'POST',
    headers: copied,
  })
}
