/** What Conversations asks of the workbench: the list, one transcript; taking over, speaking, handing back. Follows the topic `bots`. */
import { cell, Manager, type Resource, resource } from '@typestead/screens'
import { followBots } from '../../server/followed-bots.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import { steady } from '../../server/steady.ts'
import type { Conversation, Transcript } from './conversation-rows.ts'

export interface ConversationPage {
  readonly conversations: readonly Conversation[]
  readonly next: string | null
}

export interface ConversationFilter {
  readonly bot: string
  readonly search: string
}

/** Who speaks from the console. */
const person = 'console'
const pageSize = 100

export class ConversationsManager extends Manager {
  readonly #server: ServerManager
  readonly #version = cell(0)
  #end: (() => void) | undefined

  constructor(server: ServerManager) {
    super()
    this.#server = server
  }

  protected override onInit(): void {
    this.#end = followBots(
      () => true,
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

  /** The newest first. Belongs to the owner that runs. */
  list(filter: () => ConversationFilter): Resource<ConversationPage> {
    return steady(
      resource((signal) => {
        this.#version.value
        const { bot, search } = filter()
        const query = new URLSearchParams({ limit: String(pageSize) })
        if (bot !== '') query.set('bot', bot)
        if (search !== '') query.set('search', search)
        return this.#server.ask<ConversationPage>(`/conversations?${query}`, { signal })
      }),
    )
  }

  /** Belongs to the owner that runs. */
  transcript(id: () => string): Resource<Transcript> {
    return steady(
      resource((signal) => {
        this.#version.value
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

  async handBack(id: string): Promise<void> {
    await this.#post(`${at(id)}/hand-back`)
    this.#changed()
  }

  #post<T>(path: string, body: object = {}): Promise<T> {
    return this.#server.ask<T>(path, { method: 'POST', body, signal: this.signal })
  }

  #changed(): void {
    this.#version.update((count) => count + 1)
  }
}

function at(id: string): string {
  return `/conversations/${encodeURIComponent(id)}`
}
