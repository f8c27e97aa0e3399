/** What the pages of Bots ask of the workbench, and the changes they make. Follows the topic `bots`. */
import { cell, Manager, type Resource, resource } from '@typestead/screens'
import { followBots } from '../../server/followed-bots.ts'
import type { LiveManager } from '../../server/live-manager.ts'
import { ServerError } from '../../server/server-error.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import { steady } from '../../server/steady.ts'
import type { BotDetails, BotShape, BotSummary } from './bot-shape.ts'

/** How often a change is made again to a draft that others build at the same time. */
const mostChanges = 5

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
        this.#follow()
        return this.#server.ask<BotList>('/bots', { signal })
      }),
    )
  }

  /** Belongs to the owner that runs. */
  bot(name: () => string, alias: () => string): Resource<BotDetails> {
    return steady(
      resource((signal) => {
        this.#follow()
        return this.#server.ask<BotDetails>(`${at(name())}?alias=${encodeURIComponent(alias())}`, {
          signal,
        })
      }),
    )
  }

  /** Builds the draft, and gives it as it was built. @throws {ServerError} with every place that is wrong; CONFLICT for a checksum that is not the draft's */
  async build(model: { readonly name: string }, checksum: string | null): Promise<BotShape> {
    const known = checksum === null ? {} : { checksum }
    const built = await this.#server.ask<{ readonly model: BotShape }>(at(model.name), {
      method: 'PUT',
      body: { model, ...known },
      signal: this.signal,
    })
    this.#changed()
    return built.model
  }

  /**
   * Builds the draft with a change. Where others built it meanwhile, the change is made to what they left.
   * @param change undefined: it does not want to change what stands there
   * @returns the draft as it was built, or undefined where the change was not wanted
   * @throws {ServerError}
   */
  async change(
    from: BotDetails,
    change: (draft: BotShape) => BotShape | undefined,
  ): Promise<BotShape | undefined> {
    let { model, checksum } = from
    for (let again = 0; ; again++) {
      const next = change(model)
      if (next === undefined) return undefined
      try {
        return await this.build(next, checksum)
      } catch (error) {
        const isStale = error instanceof ServerError && error.code === 'CONFLICT'
        if (!isStale || again === mostChanges) throw error
      }
      const now = await this.#server.ask<BotDetails>(at(model.name), { signal: this.signal })
      model = now.model
      checksum = now.checksum
    }
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

  /** For a resource: loaded anew with what happens, and after the stream was away. */
  #follow(): void {
    this.#version.value
    this.#live.opened.value
  }

  #changed(): void {
    this.#version.update((count) => count + 1)
  }
}

function at(bot: string): string {
  return `/bots/${encodeURIComponent(bot)}`
}
