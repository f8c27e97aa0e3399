/** What Conversations asks of the workbench: the list, one transcript; taking over, speaking, handing back. Follows the topic `bots`. */
import { cell, Manager, type Resource, resource } from '@typestead/screens'
import { followBots } from '../../server/followed-bots.ts'
import type { LiveManager } from '../../server/live-manager.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import { steady } from '../../server/steady.ts'
import type { Conversation, ConversationPage, Transcript } from './conversation-rows.ts'

export interface ConversationFilter {
  readonly bot: string
  readonly search: string
  /** Only those whose user waits for a person. */
  readonly asks: boolean
}

/** Who speaks from the console. */
const person = 'console'
const pageSize = 50

export class ConversationsManager extends Manager {
  readonly #server: ServerManager
  readonly #live: LiveManager
  readonly #version = cell(0)
  #end: (() => void) | undefined

  constructor(server: ServerManager, live: LiveManager) {
    super()
    this.#server = server
    this.#live = live
  }

  protected override onInit(): void {
    this.#end = followBots(
      this.#live,
      ({ type }) => type !== 'delivered',
      () => this.#changed(),
    )
  }

  protected override onClose(): void {
    this.#end?.()
  }

  /** Whether the app has bots, and their names. Belongs to the owner that runs. */
  bots(): Resource<{
    readonly hasBots: boolean
    readonly bots: readonly { readonly bot: string }[]
  }> {
    return resource((signal) => this.#server.ask('/bots', { signal }))
  }

  /**
   * The newest first, as many pages of 50 as are asked for. Belongs to the owner that runs.   */
  list(filter: () => ConversationFilter, pages: () => number): Resource<ConversationPage> {
    return steady(
      resource((signal) => {
        this.#follow()
        const { bot, search, asks } = filter()
        const query = new URLSearchParams({ limit: String(pageSize) })
        if (bot !== '') query.set('bot', bot)
        if (search !== '') query.set('search', search)
        if (asks) query.set('asksForPerson', 'true')
        return this.#pages(query, pages(), signal)
      }),
    )
  }

  /** Belongs to the owner that runs. */
  transcript(id: () => string): Resource<Transcript> {
    return steady(
      resource((signal) => {
        this.#follow()
        return this.#server.ask<Transcript>(at(id()), { signal })
      }),
    )
  }

  /** How many turns gave the same again. @throws {ServerError} naming the first that did not */
  async replay(id: string): Promise<number> {
    const { turns } = await this.#post<{ readonly turns: number }>(`${at(id)}/replay`)
    return turns
  }

  async takeOver(id: string): Promise<void> {
    await this.#post(`${at(id)}/take-over`, { person })
    this.#changed()
  }

  async say(id: string, text: string): Promise<void> {
    await this.#post(`${at(id)}/say`, { person, text })
    this.#changed()
  }

  /** The conversation's person, with all that is kept of them in its bot. @returns how many conversations that were */
  async forget(id: string): Promise<number> {
    const { conversations } = await this.#post<{ readonly conversations: number }>(
      `${at(id)}/forget`,
    )
    this.#changed()
    return conversations
  }

  async handBack(id: string): Promise<void> {
    await this.#post(`${at(id)}/hand-back`)
    this.#changed()
  }

  #post<T>(path: string, body: object = {}): Promise<T> {
    return this.#server.ask<T>(path, { method: 'POST', body, signal: this.signal })
  }

  async #pages(
    query: URLSearchParams,
    count: number,
    signal: AbortSignal,
  ): Promise<ConversationPage> {
    const conversations = new Map<string, Conversation>()
    let next: string | null = null
    for (let page = 0; page < count; page++) {
      if (next !== null) query.set('after', next)
      const found: ConversationPage = await this.#server.ask(`/conversations?${query}`, { signal })
      // One that is spoken in between two pages comes with the first.
      for (const one of found.conversations)
        if (!conversations.has(one.id)) conversations.set(one.id, one)
      next = found.next
      if (next === null) break
    }
    return { conversations: [...conversations.values()], next }
  }

  /** For a resource: loaded anew with what happens, and after the stream was away. */
  #follow(): void {
    this.#version.value
    this.#live.opened.value
  }

  #changed(): void {
    this.#version.update((count) => count + 1)
  }
}

function at(id: string): string {
  return `/conversations/${encodeURIComponent(id)}`
}
