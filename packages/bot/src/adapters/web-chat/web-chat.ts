/**
 * Chat on web pages, over WebSockets. A visitor's message is one by the page's own id, so a page sends again what it doesn't know to
 * be kept; a reply has an id and a number, so a page that comes back is given what it lacks and shows nothing twice. Replies wait in
 * the mailbox: in the journal's database where there is one (delivered is what is written there), else in memory, and then a
 * reply counts as delivered once a page says that it has it.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { BotError } from '../../bot-error.ts'
import type { Adapter, OutgoingMessage, Receiver } from '../adapter.ts'
import { plainTexts } from '../plain-text.ts'
import { answer, attached, requireSecret, warn } from '../webhook-request.ts'
import { subprotocol } from './chat-protocol.ts'
import { ChatRoom, type ChatVisitor } from './chat-room.ts'
import { JournalMailbox } from './journal-mailbox.ts'
import { type Mailbox, type MailboxEntry, memoryMailbox, ofChannel } from './mailbox.ts'
import { VisitorTokens } from './visitor-token.ts'
import { widgetScript } from './widget-script.ts'

export interface WebChatOptions {
  /** Signs who visitors are. */
  readonly secret: string
  /** The channel's name, `chat` by default: for a second bot beside the first. */
  readonly name?: string
  /** `/chat` by default: the socket at `/chat/socket`, the widget at `/chat/widget.js`. */
  readonly path?: string
  /** Who is signed in; visitors that it knows have one conversation on all their devices. */
  readonly identify?: (
    request: IncomingMessage,
  ) => Identified | undefined | Promise<Identified | undefined>
  /**
   * Pages that may open a socket, `https://shop.example`; a request without an origin comes from no page and is let through. By
   * default the server that hands over the upgrade decides (`typestead` does): one of your own should check, or name them here.
   */
  readonly origins?: readonly string[]
  /** Pages keep the visitor's token themselves: for pages of other sites, where browsers send no cookie. */
  readonly tokenInPage?: boolean
  /** Cookies only over HTTPS; what the request says about itself by default. */
  readonly secureCookie?: boolean
  /** Where replies wait; the journal of the bot it is connected to by default. */
  readonly mailbox?: Mailbox
  /** Milliseconds that a reply waits for a page to have it where the mailbox is memory; 20,000 by default. */
  readonly patience?: number
  readonly limits?: Partial<ChatLimits>
  readonly now?: () => number
  readonly onError?: (error: unknown) => void
}

export interface Identified {
  readonly user: string
  readonly attributes?: Readonly<Record<string, string>>
}

export interface ChatLimits {
  readonly sockets: number
  readonly socketsPerVisitor: number
  /** A visitor's messages at once, and each second after that. */
  readonly burst: number
  readonly perSecond: number
  /** Milliseconds between heartbeats; a page that missed one is gone. */
  readonly heartbeat: number
}

const defaultLimits: ChatLimits = {
  sockets: 10_000,
  socketsPerVisitor: 8,
  burst: 10,
  perSecond: 1,
  heartbeat: 30_000,
}

const cookieName = 'typestead_chat'
const monthSeconds = 30 * 86_400

export function webChat(options: WebChatOptions): Adapter {
  const tokens = new VisitorTokens(requireSecret(options.secret, 'secret'), monthSeconds)
  const { name = 'chat', path = '/chat', now = Date.now, onError = warn } = options
  const limits = { ...defaultLimits, ...options.limits }
  let receiver: Receiver | undefined
  let room: ChatRoom | undefined

  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: 32 * 1024,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  })
  const cookies = new WeakMap<IncomingMessage, string>()
  server.on('headers', (headers, request) => {
    const cookie = cookies.get(request)
    if (cookie !== undefined) headers.push(`set-cookie: ${cookie}`)
  })

  function opened(): ChatRoom {
    const to = attached(receiver, name)
    room ??= new ChatRoom({
      name,
      receiver: to,
      mailbox: ofChannel(options.mailbox ?? mailboxOf(to), name),
      patience: options.patience ?? 20_000,
      limits,
      now,
      onError,
      visitorOf: (token) => visitor(tokens.read(token, now())),
      tokenOf: (one) =>
        options.tokenInPage === true && one.anonymous !== null
          ? tokens.issue(one.anonymous, now())
          : undefined,
    })
    return room
  }

  async function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(',')
    if (!offered.some((one) => one.trim() === subprotocol)) {
      refuse(socket, 400, `ask for the subprotocol ${subprotocol}`)
      return
    }
    const { origin } = incoming.headers
    if (options.origins && origin !== undefined && !options.origins.includes(origin)) {
      refuse(socket, 403, 'pages of this origin have no chat here')
      return
    }
    const here = opened()
    if (here.size >= limits.sockets) {
      refuse(socket, 503, 'too many visitors')
      return
    }
    const known = await options.identify?.(incoming)
    if (socket.destroyed) return
    const anonymous = tokens.read(cookieOf(incoming), now()) ?? tokens.newVisitor()
    if (known === undefined && options.tokenInPage !== true) {
      cookies.set(incoming, cookie(incoming, tokens.issue(anonymous, now())))
    }
    server.handleUpgrade(incoming, socket, head, (client: WebSocket) => {
      const who = known === undefined ? visitor(anonymous) : signedIn(known)
      if (who !== null) here.enter(client, who)
    })
  }

  function cookie(incoming: IncomingMessage, token: string): string {
    const encrypted = 'encrypted' in incoming.socket || forwardedProto(incoming) === 'https'
    const secure = (options.secureCookie ?? encrypted) ? '; Secure' : ''
    return `${cookieName}=${token}; Path=${path}; Max-Age=${monthSeconds}; HttpOnly; SameSite=Lax${secure}`
  }

  return {
    name,
    attach(to) {
      receiver = to
    },
    routes: {
      [`${path}/widget.js`]: (request) =>
        answer(request, ['GET', 'HEAD'], () => widgetScript(request), onError),
    },
    upgrades: {
      [`${path}/socket`]: (incoming, socket, head) => {
        upgrade(incoming, socket, head).catch((error) => {
          onError(error)
          refuse(socket, 503, 'try again later')
        })
      },
    },
    async deliver(message, _attempt, signal) {
      await opened().deliver(message.conversation, entryOf(message, now()), signal)
    },
    async forget({ user, conversations }) {
      // Who is signed in has one conversation, under their own name.
      for (const one of new Set([...conversations, `u-${user}`])) await opened().forget(one)
    },
    async close() {
      await room?.close()
    },
  }
}

function mailboxOf({ journal }: Receiver): Mailbox {
  return journal === undefined ? memoryMailbox() : new JournalMailbox(journal)
}

function visitor(anonymous: string | null): ChatVisitor | null {
  if (anonymous === null) return null
  return { conversation: `v-${anonymous}`, user: `v-${anonymous}`, anonymous, attributes: {} }
}

function signedIn({ user, attributes = {} }: Identified): ChatVisitor {
  if (user === '') throw new BotError('BAD_INPUT', 'identify() gave an empty user')
  return { conversation: `u-${user}`, user, anonymous: null, attributes }
}

function entryOf(message: OutgoingMessage, now: number): MailboxEntry {
  const inMessages = message.messages.flatMap(({ card }) => card ?? [])
  const withoutCards = message.messages.filter(({ card }) => card === undefined)
  return {
    id: message.id,
    from: message.from,
    texts: plainTexts(withoutCards, null),
    cards: [...inMessages, ...(message.card?.attachments ?? [])],
    at: now,
  }
}

function cookieOf(incoming: IncomingMessage): string {
  const cookies = incoming.headers.cookie ?? ''
  return new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`).exec(cookies)?.[1] ?? ''
}

function forwardedProto({ headers }: IncomingMessage): string | undefined {
  return headers['x-forwarded-proto']?.toString().split(',')[0]?.trim()
}

function refuse(socket: Duplex, status: number, reason: string): void {
  if (socket.destroyed) return
  const body = `${reason}\n`
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
