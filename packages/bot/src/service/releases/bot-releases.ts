/** Builds, publishes and releases bots: compiles, makes the understanding ready, keeps the draft, numbers it, points aliases. */
import { BotError } from '../../bot-error.ts'
import type { LambdaRef } from '../../hooks/lambda-ref.ts'
import type { TurnHook } from '../../hooks/turn.ts'
import { type BotModel, modelFormat } from '../../model/bot-model.ts'
import { checkModel } from '../../model/check-model.ts'
import { compileBot, sealModel } from '../../model/compile-bot.ts'
import type { BotDefinition } from '../../model/define-bot.ts'
import type { BotHooks } from '../bots-options.ts'
import type {
  BotAlias,
  BuildOptions,
  BuiltBot,
  PublishedVersion,
  PublishOptions,
  Release,
} from '../service-contract.ts'
import type { PreparedUnderstander } from '../turns/prepared-understander.ts'
import { draftVersion } from './draft-version.ts'
import { missingParts } from './missing-parts.ts'
import type { ModelShelf } from './model-shelf.ts'
import type { VersionRegistry } from './version-registry.ts'

export interface ReleaseParts {
  readonly registry: VersionRegistry
  readonly shelf: ModelShelf
  readonly understander: PreparedUnderstander
  readonly hooks: BotHooks
}

export class BotReleases {
  readonly #parts: ReleaseParts

  constructor(parts: ReleaseParts) {
    this.#parts = parts
  }

  async build(
    definition: BotDefinition | BotModel,
    { checksum, signal, onProgress }: BuildOptions,
  ): Promise<BuiltBot> {
    const { registry, understander, hooks: runner } = this.#parts
    const { model, hooks, warnings } = compiled(definition)
    // A stale checksum is found before the training, and once more when the draft is kept.
    if (checksum !== undefined && (await this.#draftChecksum(model.name)) !== checksum)
      throw new BotError('CONFLICT', `bot ${model.name} was changed meanwhile; read it again`)
    for (const [name, hook] of hooks) runner.register?.(name, hook)
    await understander.prepare(model, {
      version: draftVersion,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    })
    const draft = await registry.keepDraft(model, checksum)
    const missing = missingParts(model, this.#parts)
    return { bot: model.name, model, checksum: draft.checksum, warnings: [...warnings, ...missing] }
  }

  publish(bot: string, options: PublishOptions): Promise<PublishedVersion> {
    return this.#publish(bot, options, false)
  }

  async release(definition: BotDefinition, alias: string): Promise<Release> {
    const { registry, shelf, understander, hooks: runner } = this.#parts
    const { model, hooks, warnings } = compileBot(definition)
    const bot = model.name
    const before = await registry.released(bot, alias)
    const { released, current } = before
    if (current !== null && released === model.hash) {
      for (const [name, hook] of hooks) runner.register?.(name, hook)
      const { version, hash } = current
      await understander.prepare(await shelf.get(hash), { version })
      const state = hash === model.hash ? 'same' : 'changed'
      const missing = missingParts(model, this.#parts)
      return { version, state, replaced: null, warnings: [...warnings, ...missing] }
    }
    const built = await this.build(definition, {})
    const { version } = await this.#publish(bot, { alias }, true)
    const isReplaced = current !== null && current.hash !== released && current.version !== version
    return {
      version,
      state: 'released',
      replaced: isReplaced ? current.version : null,
      warnings: built.warnings,
    }
  }

  async setAlias(
    bot: string,
    alias: string,
    version: string,
    checksum?: string,
  ): Promise<BotAlias> {
    return this.#parts.registry.setAlias(bot, alias, version, checksum)
  }

  async deleteAlias(bot: string, alias: string): Promise<boolean> {
    return this.#parts.registry.deleteAlias(bot, alias)
  }

  async deleteBot(bot: string): Promise<boolean> {
    const { registry, understander } = this.#parts
    const numbers = await registry.numbers(bot)
    const deleted = await registry.deleteBot(bot)
    if (deleted)
      for (const version of [...numbers, draftVersion]) await understander.forget(bot, version)
    return deleted
  }

  async #publish(
    bot: string,
    options: PublishOptions,
    release: boolean,
  ): Promise<PublishedVersion> {
    const { registry, shelf, understander } = this.#parts
    const { version, isNew } = await registry.publish(bot, { ...options, release })
    if (isNew)
      await understander.prepare(await shelf.get(version.hash), { version: version.version })
    return version
  }

  async #draftChecksum(bot: string): Promise<string | undefined> {
    try {
      return (await this.#parts.registry.draft(bot)).checksum
    } catch (error) {
      if (error instanceof BotError && error.code === 'NOT_FOUND') return undefined
      throw error
    }
  }
}

interface Compiled {
  readonly model: BotModel
  readonly hooks: ReadonlyMap<string, TurnHook | LambdaRef>
  readonly warnings: readonly string[]
}

/** @throws {BotError} BAD_INPUT with every issue */
function compiled(definition: BotDefinition | BotModel): Compiled {
  if (!isModel(definition)) return compileBot(definition)
  const { issues, warnings } = checked(definition)
  if (issues.length > 0) {
    const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
    throw new BotError('BAD_INPUT', `the model is wrong: ${list}`, { issues })
  }
  // What was changed is another model, whatever it calls itself.
  return { model: sealModel(definition), hooks: new Map(), warnings }
}

/** @throws {BotError} BAD_INPUT for what has not the shape of a model */
function checked(model: BotModel): ReturnType<typeof checkModel> {
  try {
    return checkModel(model)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new BotError(
      'BAD_INPUT',
      `the model has not the shape of format ${modelFormat}: ${cause.message}`,
      { cause },
    )
  }
}

function isModel(definition: BotDefinition | BotModel): definition is BotModel {
  return 'format' in definition && 'hash' in definition
}
