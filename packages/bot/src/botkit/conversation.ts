/**
 * A scripted conversation with one person: what is said and asked, in threads of lines, one after the other; an answer goes to the
 * question that waits for it. It lives in this process's memory, as Botkit's do; one that must survive a restart is `defineBot`'s.
 */
import {
  type BotkitMessage,
  type BotkitReply,
  type BotkitReplyFields,
  type BotkitSource,
  regexEars,
} from './botkit-message.ts'

export type AnswerHandler = (response: BotkitMessage, conversation: Conversation) => unknown

export interface AnswerPattern {
  readonly pattern?: string | RegExp
  /** Takes what no pattern does. */
  readonly default?: boolean
  readonly callback: AnswerHandler
}

export type ConversationStatus = 'new' | 'active' | 'waiting' | 'completed' | 'stopped' | 'timeout'

interface Line {
  readonly said: BotkitReply
  readonly handlers: readonly AnswerPattern[]
  readonly key: string | undefined
}

export interface ConversationHost {
  send(source: BotkitSource, reply: BotkitReply): Promise<unknown>
  started(conversation: Conversation): void
  ended(conversation: Conversation): void
  onError(error: unknown): void
}

const longestConversation = 1_000

export class Conversation {
  readonly source: BotkitSource
  readonly vars: Record<string, unknown> = {}
  readonly responses: Record<string, BotkitMessage> = {}
  status: ConversationStatus = 'new'
  readonly #host: ConversationHost
  readonly #threads = new Map<string, Line[]>([['default', []]])
  readonly #listeners = new Map<string, ((conversation: Conversation) => unknown)[]>()
  #thread = 'default'
  #asked: Line | undefined
  #said = 0
  #timeLimit: number | undefined
  #timer: NodeJS.Timeout | undefined
  #onTimeout: ((conversation: Conversation) => unknown) | undefined
  #running: Promise<void> | undefined

  constructor(source: BotkitSource, host: ConversationHost) {
    this.source = source
    this.#host = host
  }

  say(said: BotkitReply): void {
    this.addMessage(said, this.#thread)
  }

  /** @param answer gets any answer, or the first pattern that fits does; it calls `next` (or `repeat`, `stop`) to go on */
  ask(
    question: BotkitReply,
    answer: AnswerHandler | readonly AnswerPattern[],
    options: { readonly key?: string } = {},
  ): void {
    this.addQuestion(question, answer, options, this.#thread)
  }

  addMessage(said: BotkitReply, thread = 'default'): void {
    this.#add({ said, handlers: [], key: undefined }, thread)
  }

  addQuestion(
    said: BotkitReply,
    answer: AnswerHandler | readonly AnswerPattern[],
    { key }: { readonly key?: string } = {},
    thread = 'default',
  ): void {
    const handlers = typeof answer === 'function' ? [{ default: true, callback: answer }] : answer
    this.#add({ said, handlers, key }, thread)
  }

  gotoThread(thread: string): void {
    if (!this.#threads.has(thread)) throw new Error(`this conversation has no thread "${thread}"`)
    this.#thread = thread
    this.next()
  }

  activate(): void {
    if (this.status !== 'new') return
    this.#host.started(this)
    this.status = 'active'
    this.#go()
  }

  /** Goes on after an answer. */
  next(): void {
    if (this.#isOver) return
    clearTimeout(this.#timer)
    this.#asked = undefined
    this.status = 'active'
    this.#go()
  }

  /** Asks the last question again. */
  repeat(): void {
    if (this.#asked) this.#threads.get(this.#thread)?.unshift(this.#asked)
    this.next()
  }

  /** Waits for another answer without asking. */
  silentRepeat(): void {
    this.#wait()
  }

  stop(status: 'stopped' | 'completed' | 'timeout' = 'stopped'): void {
    this.#end(status)
  }

  on(event: 'end', listener: (conversation: Conversation) => unknown): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
    return this
  }

  /** @param milliseconds that an answer may take */
  setTimeout(milliseconds: number): void {
    this.#timeLimit = milliseconds
    if (this.status === 'waiting') this.#wait()
  }

  onTimeout(handler: (conversation: Conversation) => unknown): void {
    this.#onTimeout = handler
  }

  setVar(name: string, value: unknown): void {
    this.vars[name] = value
  }

  extractResponse(key: string): string | undefined {
    return this.responses[key]?.text
  }

  extractResponses(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.responses).map(([key, { text }]) => [key, text]))
  }

  successful(): boolean {
    return this.status === 'completed'
  }

  /** Whether an answer is waited for. */
  get isWaiting(): boolean {
    return this.status === 'waiting'
  }

  /** Resolves when what is to be said now was said. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** Gives an answer to the question that waits. */
  async hear(message: BotkitMessage): Promise<void> {
    const asked = this.#asked
    if (asked === undefined) return
    clearTimeout(this.#timer)
    if (asked.key !== undefined) this.responses[asked.key] = message
    const fits = asked.handlers.find(
      ({ pattern }) => pattern !== undefined && regexEars([pattern], message),
    )
    const handler = fits ?? asked.handlers.find((one) => one.default === true)
    if (handler === undefined) {
      this.repeat()
      return
    }
    this.status = 'active'
    await handler.callback(message, this)
    // The handler has not said how to go on: what is said next is still an answer to this question.
    if (this.status === 'active' && this.#asked === asked && !this.#running) this.#wait()
  }

  #add(line: Line, thread: string): void {
    const lines = this.#threads.get(thread) ?? []
    if (lines.length >= longestConversation) {
      throw new Error(`a conversation has at most ${longestConversation} lines waiting`)
    }
    lines.push(line)
    this.#threads.set(thread, lines)
  }

  get #isOver(): boolean {
    return this.status === 'completed' || this.status === 'stopped' || this.status === 'timeout'
  }

  #go(): void {
    this.#running ??= this.#run()
      .catch((error) => {
        this.#host.onError(error)
        this.#end('stopped')
      })
      .finally(() => {
        this.#running = undefined
      })
  }

  async #run(): Promise<void> {
    // What the caller says after `activate` or `next` in the same turn of the loop belongs to it.
    await Promise.resolve()
    while (this.status === 'active') {
      const line = this.#threads.get(this.#thread)?.shift()
      if (line === undefined) {
        this.#end('completed')
        return
      }
      if (++this.#said > longestConversation)
        throw new Error('a conversation went round in circles')
      await this.#host.send(this.source, this.#filled(line.said))
      if (line.handlers.length === 0 || this.status !== 'active') continue
      this.#asked = line
      this.#wait()
    }
  }

  #wait(): void {
    if (this.#isOver) return
    this.status = 'waiting'
    clearTimeout(this.#timer)
    if (this.#timeLimit === undefined) return
    this.#timer = setTimeout(() => this.#timedOut(), this.#timeLimit).unref()
  }

  #timedOut(): void {
    if (this.#onTimeout === undefined) {
      this.#end('timeout')
      return
    }
    this.status = 'active'
    Promise.try(this.#onTimeout, this).catch((error) => {
      this.#host.onError(error)
      this.#end('timeout')
    })
  }

  #end(status: ConversationStatus): void {
    if (this.#isOver) return
    clearTimeout(this.#timer)
    this.status = status
    this.#host.ended(this)
    for (const listener of this.#listeners.get('end') ?? []) {
      Promise.try(listener, this).catch((error) => this.#host.onError(error))
    }
  }

  /** `{{vars.name}}` and `{{responses.key}}`. */
  #filled(said: BotkitReply): BotkitReply {
    const fill = (text: string) =>
      text.replaceAll(/\{\{(vars|responses)\.(\w+)\}\}/g, (_all, from: string, name: string) => {
        const value = from === 'vars' ? this.vars[name] : this.extractResponse(name)
        return value === undefined ? '' : String(value)
      })
    if (typeof said === 'string') return fill(said)
    const filled: BotkitReplyFields = { ...said }
    if (said.text !== undefined) filled.text = fill(said.text)
    return filled
  }
}
