/** What the pages of Bots ask of the workbench, and the changes they make. Follows the topic `bots`. */
import { cell, Manager, type Resource, resource } from '@typestead/screens'
import { followBots } from '../../server/followed-bots.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import { steady } from '../../server/steady.ts'
import type { BotDetails, BotSummary } from './bot-shape.ts'

export interface BotList {
  /** Whether the app can have bots. */
  readonly hasBots: boolean
  readonly bots: readonly BotSummary[]
}

/** What a turn of the test chat gave. */
export interface ChatAnswer {
  readonly turn: string
  readonly reply: {
    readonly dialogState: string
    readonly intent: {
      readonly name: string
      readonly confidence: number | null
      readonly slots: Readonly<Record<string, { readonly value: string } | null>>
    } | null
    readonly said: { readonly messages: readonly { readonly content: string }[] } | null
    readonly sessionAttributes: Readonly<Record<string, string>>
  } | null
  readonly failure: { readonly code: string; readonly message: string } | null
}

export class BotsManager extends Manager {
  readonly #server: ServerManager
  readonly #version = cell(0)
  #end: (() => void) | undefined

  constructor(server: ServerManager) {
    super()
    this.#server = server
  }

  protected override onInit(): void {
    this.#end = followBots(
      ({ type }) => type === 'bot',
      () => this.#changed(),
    )
  }

  protected override onClose(): void {
    this.#end?.()
  }

  /** Belongs to the owner that runs. */
  bots(): Resource<BotList> {
    return steady(
      resource((signal) => {
        this.#version.value
        return this.#server.ask<BotList>('/bots', { signal })
      }),
    )
  }

  /** Belongs to the owner that runs. */
  bot(name: () => string, alias: () => string): Resource<BotDetails> {
    return steady(
      resource((signal) => {
        this.#version.value
        return this.#server.ask<BotDetails>(`${at(name())}?alias=${encodeURIComponent(alias())}`, {
          signal,
        })
      }),
    )
  }

  /** Builds the draft. @throws {ServerError} with every place that is wrong */
  async build(model: { readonly name: string }, checksum: string | null): Promise<void> {
    const known = checksum === null ? {} : { checksum }
    await this.#server.ask(at(model.name), {
      method: 'PUT',
      body: { model, ...known },
      signal: this.signal,
    })
    this.#changed()
  }

  /** The number of the version. */
  async publish(bot: string, alias: string, checksum: string | null): Promise<string> {
    const body = { ...(alias === '' ? {} : { alias }), ...(checksum === null ? {} : { checksum }) }
    const { version } = await this.#server.ask<{ readonly version: string }>(`${at(bot)}/publish`, {
      method: 'POST',
      body,
      signal: this.signal,
    })
    this.#changed()
    return version
  }

  async setAlias(bot: string, alias: string, version: string, checksum?: string): Promise<void> {
    await this.#server.ask(`${at(bot)}/aliases/${encodeURIComponent(alias)}`, {
      method: 'PUT',
      body: { version, ...(checksum === undefined ? {} : { checksum }) },
      signal: this.signal,
    })
    this.#changed()
  }

  say(bot: string, alias: string, user: string, text: string): Promise<ChatAnswer> {
    return this.#server.ask<ChatAnswer>(`${at(bot)}/turns`, {
      method: 'POST',
      body: { alias, user, text },
      signal: this.signal,
    })
  }

  #changed(): void {
    this.#version.update((count) => count + 1)
  }
}

function at(bot: string): string {
  return `/bots/${encodeURIComponent(bot)}`
}
