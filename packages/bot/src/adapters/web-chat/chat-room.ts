/** The sockets that are open, by visitor: what comes from pages goes to the bot, what is new in the mailbox goes to pages. */
import type { WebSocket } from 'ws'
import { BotError } from '../../bot-error.ts'
import type { Receiver } from '../adapter.ts'
import { ChatPage } from './chat-page.ts'
import type { Mailbox, MailboxEntry } from './mailbox.ts'
import { RateLimit } from './rate-limit.ts'
import type { ChatLimits } from './web-chat.ts'

export interface ChatVisitor {
  readonly conversation: string
  readonly user: string
  /** The visitor's id where nobody is signed in. */
  readonly anonymous: string | null
  readonly attributes: Readonly<Record<string, string>>
}

export interface ChatRoomOptions {
  readonly name: string
  readonly receiver: Receiver
  readonly mailbox: Mailbox
  readonly patience: number
  readonly limits: ChatLimits
  readonly now: () => number
  readonly onError: (error: unknown) => void
  /** Who a page's token says that it is. */
  readonly visitorOf: (token: string) => ChatVisitor | null
  /** The token that the page is given. */
  readonly tokenOf: (visitor: ChatVisitor) => string | undefined
}

/** A conversation with at least one page open, or one reply waited for. */
interface Present {
  readonly pages: Set<ChatPage>
  readonly rate: RateLimit
  /** Up to which number some page has everything. */
  have: number
  readonly waiting: Set<{ readonly seq: number; readonly resolve: () => void }>
}

export class ChatRoom {
  readonly #options: ChatRoomOptions
  readonly #present = new Map<string, Present>()
  readonly #pages = new Set<ChatPage>()
  readonly #heartbeat: NodeJS.Timeout

  constructor(options: ChatRoomOptions) {
    this.#options = options
    this.#heartbeat = setInterval(() => {
      for (const page of this.#pages) page.beat()
    }, options.limits.heartbeat).unref()
  }

  /** Sockets that are open. */
  get size(): number {
    return this.#pages.size
  }

  enter(socket: WebSocket, visitor: ChatVisitor): void {
    const page = new ChatPage(socket, visitor, this.#options, {
      join: (one) => this.#join(one),
      have: (one, seq) => this.#have(one.visitor.conversation, seq),
      typing: (one) => {
        const others = this.#present.get(one.visitor.conversation)?.pages ?? []
        for (const other of others) other.send({ type: 'typing', on: true })
      },
      leave: (one) => this.#leave(one),
    })
    this.#pages.add(page)
  }

  /** Rejects when the mailbox is no more than memory and no page has it in time. */
  async deliver(conversation: string, entry: MailboxEntry, signal: AbortSignal): Promise<void> {
    const { mailbox, patience } = this.#options
    await mailbox.put(conversation, entry)
    if (mailbox.durable) return
    const seq = (await mailbox.after(conversation, 0)).find(({ id }) => id === entry.id)?.seq
    const present = this.#at(conversation)
    if (seq === undefined || present.have >= seq) {
      this.#forget(conversation)
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter = { seq, resolve }
    const away = () => reject(new BotError('UNAVAILABLE', 'the visitor is away'))
    const timer = setTimeout(away, patience)
    signal.addEventListener('abort', away, { once: true })
    present.waiting.add(waiter)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', away)
      present.waiting.delete(waiter)
      this.#forget(conversation)
    }
  }

  /** Pages that are open keep what they show. */
  async forget(conversation: string): Promise<void> {
    await this.#options.mailbox.forget(conversation)
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    for (const page of this.#pages) page.end(1001, 'the server stops')
    await this.#options.mailbox[Symbol.asyncDispose]()
  }

  /** The rate at which this visitor may speak; null when there are too many pages already. */
  #join(page: ChatPage): RateLimit | null {
    const present = this.#at(page.visitor.conversation)
    if (present.pages.size >= this.#options.limits.socketsPerVisitor) return null
    present.pages.add(page)
    return present.rate
  }

  #leave(page: ChatPage): void {
    this.#pages.delete(page)
    this.#present.get(page.visitor.conversation)?.pages.delete(page)
    this.#forget(page.visitor.conversation)
  }

  #have(conversation: string, seq: number): void {
    const present = this.#at(conversation)
    present.have = Math.max(present.have, seq)
    for (const waiter of present.waiting) if (waiter.seq <= present.have) waiter.resolve()
  }

  #at(conversation: string): Present {
    const known = this.#present.get(conversation)
    if (known !== undefined) return known
    const { limits, now } = this.#options
    const rate = new RateLimit(limits.burst, limits.perSecond, now())
    const present = { pages: new Set<ChatPage>(), rate, have: 0, waiting: new Set<never>() }
    this.#present.set(conversation, present)
    return present
  }

  /** A conversation that nobody looks at holds no memory. */
  #forget(conversation: string): void {
    const present = this.#present.get(conversation)
    if (present?.pages.size === 0 && present.waiting.size === 0) this.#present.delete(conversation)
  }
}
