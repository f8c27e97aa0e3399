/**
 * The widget's side of `typestead-chat.v1`: connects again with growing pauses, keeps what the visitor said until the server has it,
 * in this tab's storage, and says it again under the same id. Runs in browsers; uses nothing but the platform.
 */

export interface ChatEntry {
  readonly id: string
  readonly from: 'bot' | 'person' | 'visitor'
  readonly texts: readonly string[]
  readonly cards: readonly ChatCard[]
  readonly at: number
}

export interface ChatCard {
  readonly title: string
  readonly subTitle?: string
  readonly imageUrl?: string
  readonly attachmentLinkUrl?: string
  readonly buttons?: readonly { readonly text: string; readonly value: string }[]
}

export interface ChatListener {
  /** New, or known already under its id. */
  entry(entry: ChatEntry): void
  kept(id: string): void
  refused(id: string, reason: string): void
  typing(on: boolean): void
  online(on: boolean): void
}

interface Unsent {
  readonly id: string
  readonly text: string
}

const protocol = 'typestead-chat.v1'
const longestPause = 30_000
const mostUnsent = 50

export class ChatConnection {
  readonly #base: string
  readonly #listener: ChatListener
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #welcomed = false
  #closed = false
  #failures = 0
  #seq = 0
  #epoch = ''
  #unsent: Unsent[]

  /** @param base the server's path, `/chat` */
  constructor(base: string, listener: ChatListener) {
    this.#base = base
    this.#listener = listener
    this.#unsent = readUnsent(this.#key)
    addEventListener('online', this.#now)
    addEventListener('offline', this.#lost)
  }

  /** What waits to be kept, also of the page before this one in the same tab. */
  get unsent(): readonly Unsent[] {
    return this.#unsent
  }

  open(): void {
    if (this.#closed || this.#socket !== undefined) return
    const url = new URL(`${this.#base}/socket`, location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = new WebSocket(url, protocol)
    this.#socket = socket
    socket.onopen = () => {
      const token = read(localStorage, `${this.#key}:token`)
      this.#send({ type: 'hello', token, after: this.#seq, epoch: this.#epoch })
    }
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data))
    socket.onclose = () => {
      if (this.#socket === socket) this.#again()
    }
  }

  /** Keeps it until the server has; false when too much waits. */
  say(text: string): string | false {
    if (this.#unsent.length >= mostUnsent) return false
    const id = newId()
    this.#keep([...this.#unsent, { id, text }])
    if (this.#welcomed) this.#send({ type: 'say', id, text })
    return id
  }

  close(): void {
    this.#closed = true
    removeEventListener('online', this.#now)
    removeEventListener('offline', this.#lost)
    clearTimeout(this.#timer)
    this.#socket?.close()
  }

  get #key(): string {
    return `typestead-chat:${this.#base}`
  }

  // biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives; each field is used as the protocol says
  #take(frame: any): void {
    if (frame.type === 'welcome') {
      if (frame.token) write(localStorage, `${this.#key}:token`, frame.token)
      this.#epoch = frame.epoch
      this.#welcomed = true
      this.#failures = 0
      this.#listener.online(true)
      for (const { id, text } of this.#unsent) this.#send({ type: 'say', id, text })
    } else if (frame.type === 'message') {
      this.#seq = frame.seq
      this.#listener.entry(frame)
      this.#send({ type: 'have', seq: frame.seq })
    } else if (frame.type === 'kept') {
      this.#drop(frame.id)
      this.#listener.kept(frame.id)
    } else if (frame.type === 'refused') {
      if (frame.reason === 'tooLong') {
        this.#drop(frame.id)
        this.#listener.refused(frame.id, frame.reason)
      } else {
        // The server is short of something; what waits is said again after a pause.
        setTimeout(() => this.#repeat(frame.id), 2_000 + Math.random() * 1_000)
      }
    } else if (frame.type === 'typing') {
      this.#listener.typing(frame.on)
    }
  }

  #repeat(id: string): void {
    const waiting = this.#unsent.find((one) => one.id === id)
    if (waiting && this.#welcomed) this.#send({ type: 'say', id, text: waiting.text })
  }

  #drop(id: string): void {
    this.#keep(this.#unsent.filter((one) => one.id !== id))
  }

  #keep(unsent: Unsent[]): void {
    this.#unsent = unsent
    write(sessionStorage, this.#key, JSON.stringify(unsent))
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
  }

  #again(): void {
    this.#socket = undefined
    this.#welcomed = false
    this.#listener.online(false)
    this.#listener.typing(false)
    if (this.#closed) return
    const pause = Math.min(longestPause, 500 * 2 ** this.#failures++)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#now, pause * (0.5 + Math.random() / 2))
  }

  #now = (): void => {
    clearTimeout(this.#timer)
    this.open()
  }

  /** The browser knows before the connection does. */
  #lost = (): void => {
    const socket = this.#socket
    if (socket === undefined) return
    this.#again()
    socket.close()
  }
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function readUnsent(key: string): Unsent[] {
  try {
    return JSON.parse(read(sessionStorage, key) || '[]')
  } catch {
    return []
  }
}

/** Storage may be forbidden; then a message lives as long as its page. */
function read(storage: Storage, key: string): string {
  try {
    return storage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function write(storage: Storage, key: string, value: string): void {
  try {
    storage.setItem(key, value)
  } catch {
    // As said at `read`.
  }
}
