/** One socket of a page: a hello first, then what the visitor says, kept in order; out go what the mailbox has and the page lacks. */
import type { WebSocket } from 'ws'
import { closeCodes, longestMessage, readFrame, type ToPage } from './chat-protocol.ts'
import type { ChatRoomOptions, ChatVisitor } from './chat-room.ts'
import type { RateLimit } from './rate-limit.ts'

/** Messages of one page that are being kept at a time. */
const mostInFlight = 32
const helloTime = 10_000
const mostBuffered = 1024 * 1024

/** What a page tells the room. */
export interface PageEvents {
  join(page: ChatPage): RateLimit | null
  have(page: ChatPage, seq: number): void
  typing(page: ChatPage): void
  leave(page: ChatPage): void
}

export class ChatPage {
  visitor: ChatVisitor
  readonly #socket: WebSocket
  readonly #options: ChatRoomOptions
  readonly #events: PageEvents
  readonly #helloTimer: NodeJS.Timeout
  #rate: RateLimit | null = null
  #alive = true
  #sent = 0
  #pumping: Promise<void> | undefined
  #more = false
  #inFlight = 0
  #last: Promise<void> = Promise.resolve()
  #unwatch = () => {}

  constructor(
    socket: WebSocket,
    visitor: ChatVisitor,
    options: ChatRoomOptions,
    events: PageEvents,
  ) {
    this.visitor = visitor
    this.#socket = socket
    this.#options = options
    this.#events = events
    this.#helloTimer = setTimeout(() => this.end(closeCodes.noHello, 'no hello'), helloTime)
    socket.on('message', (data, isBinary) => this.#take(isBinary ? '' : String(data)))
    socket.on('pong', () => {
      this.#alive = true
    })
    // What ends a socket also closes it.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(this.#helloTimer)
      this.#unwatch()
      events.leave(this)
    })
  }

  send(frame: ToPage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > mostBuffered) {
      this.end(closeCodes.tooSlow, 'too slow')
      return
    }
    this.#socket.send(JSON.stringify(frame))
  }

  end(code: number, reason: string): void {
    this.#socket.close(code, reason)
    // One that does not answer the close is cut off by the next heartbeat.
    this.#alive = false
  }

  beat(): void {
    if (!this.#alive) {
      this.#socket.terminate()
      return
    }
    this.#alive = false
    this.#socket.ping()
  }

  #take(data: string): void {
    this.#alive = true
    const frame = readFrame(data)
    if (frame === null) {
      this.end(closeCodes.badFrame, 'not of the protocol')
      return
    }
    if (frame.type === 'hello') {
      this.#hello(frame.token, frame.after, frame.epoch)
      return
    }
    if (this.#rate === null) {
      this.end(closeCodes.badFrame, 'say hello first')
      return
    }
    if (frame.type === 'have') {
      this.#events.have(this, frame.seq)
      return
    }
    if (frame.text.length > longestMessage || frame.text.trim() === '') {
      this.send({ type: 'refused', id: frame.id, reason: 'tooLong' })
      return
    }
    if (!this.#rate.take(this.#options.now()) || this.#inFlight >= mostInFlight) {
      this.send({ type: 'refused', id: frame.id, reason: 'tooMany' })
      return
    }
    this.#inFlight++
    // One after the other, so that they are kept in the order in which they were said.
    this.#last = this.#last.then(() => this.#say(frame.id, frame.text))
  }

  #hello(token: string, after: number, epoch: string): void {
    if (this.#rate !== null) {
      this.end(closeCodes.badFrame, 'hello was said')
      return
    }
    clearTimeout(this.#helloTimer)
    const { mailbox, visitorOf, tokenOf } = this.#options
    // Who is signed in is not somebody else by a token.
    if (token !== '' && this.visitor.anonymous !== null)
      this.visitor = visitorOf(token) ?? this.visitor
    this.#rate = this.#events.join(this)
    if (this.#rate === null) {
      this.end(closeCodes.tooMany, 'too many pages')
      return
    }
    this.#sent = epoch === mailbox.epoch ? after : 0
    const handed = tokenOf(this.visitor)
    this.send({
      type: 'welcome',
      epoch: mailbox.epoch,
      ...(handed === undefined ? {} : { token: handed }),
    })
    this.#unwatch = mailbox.watch(this.visitor.conversation, () => this.#pump())
    this.#pump()
  }

  async #say(id: string, words: string): Promise<void> {
    const { mailbox, receiver, name, now, onError } = this.#options
    const { conversation, user, attributes } = this.visitor
    try {
      const at = now()
      // First what the page shows, so that no reply stands before it; again under the same id if the next line fails.
      await mailbox.put(conversation, { id, from: 'visitor', texts: [words], cards: [], at })
      const taken = await receiver.receive({
        channel: name,
        conversation,
        user,
        text: words,
        ids: [`${conversation}/${id}`],
        sentAt: at,
        attributes,
      })
      this.send({ type: 'kept', id })
      if (taken === 'accepted') this.#events.typing(this)
    } catch (error) {
      onError(error)
      this.send({ type: 'refused', id, reason: 'unavailable' })
    } finally {
      this.#inFlight--
    }
  }

  /** Sends what the page lacks; calls that come meanwhile make it look once more. */
  #pump(): void {
    this.#more = true
    this.#pumping ??= this.#pumpOnce().finally(() => {
      this.#pumping = undefined
      if (this.#more) this.#pump()
    })
  }

  async #pumpOnce(): Promise<void> {
    this.#more = false
    try {
      const entries = await this.#options.mailbox.after(this.visitor.conversation, this.#sent)
      for (const entry of entries) {
        this.send({ type: 'message', ...entry })
        this.#sent = entry.seq
      }
    } catch (error) {
      // The page connects again and asks for what it lacks.
      this.#options.onError(error)
      this.end(1011, 'try again')
    }
  }
}
