/**
 * Trained models in a folder, each named by the hash of what it was trained from: a restart loads, it does not train. A file is
 * written beside and renamed, so what is there is whole; a damaged one is trained again. Old files go when there are too many.
 */
import { createHash } from 'node:crypto'
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import {
  decodedModel,
  loadModel,
  NluError,
  type NluModel,
  type TrainingData,
  trainInWorker,
  type Vocabularies,
} from '@typestead/nlu'
import { BotError } from '../bot-error.ts'

/** Changes when the same definition must be trained anew. */
const recipe = 1
const mostFiles = 200

export interface TrainingOrder {
  /** What makes it another model; its canonical JSON is hashed. */
  readonly identity: unknown
  /** BCP 47. */
  readonly language: string
  readonly pipeline: string
  readonly data: () => TrainingData
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number) => void
}

export class TrainedModels {
  readonly #folder: string | undefined
  readonly #vocabularies: Vocabularies

  /** @param folder absent: models are kept in memory alone */
  constructor(folder: string | undefined, vocabularies: Vocabularies) {
    this.#folder = folder
    this.#vocabularies = vocabularies
  }

  /** @throws {BotError} UNAVAILABLE when training fails or is cancelled */
  async get(order: TrainingOrder): Promise<NluModel> {
    const vocabularies = this.#vocabularies
    const name = `${nameOf(order)}.nlu`
    const file = this.#folder === undefined ? undefined : join(this.#folder, name)
    const kept = file === undefined ? undefined : await load(file, vocabularies)
    if (kept) return kept
    try {
      const bytes = await trainInWorker(order.data(), {
        pipeline: order.pipeline,
        language: order.language,
        seed: 1,
        ...(order.signal ? { signal: order.signal } : {}),
        onProgress: ({ done }) => order.onProgress?.(done),
      })
      const model = await decodedModel(bytes, name, { vocabularies })
      if (file !== undefined) {
        await model.save(file)
        await this.#sweep()
      }
      return model
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'an unknown error'
      throw new BotError('UNAVAILABLE', `the bot's language could not be trained: ${why}`, {
        cause,
      })
    }
  }

  /** Keeps the files that were used last. */
  async #sweep(): Promise<void> {
    const folder = this.#folder
    if (folder === undefined) return
    const names = (await readdir(folder)).filter((name) => name.endsWith('.nlu'))
    if (names.length <= mostFiles) return
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(folder, name)
        return { file, used: (await stat(file).catch(() => undefined))?.mtimeMs ?? 0 }
      }),
    )
    files.sort((a, b) => b.used - a.used)
    for (const { file } of files.slice(mostFiles)) await rm(file, { force: true })
  }
}

export function nameOf({ identity, language, pipeline }: TrainingOrder): string {
  return createHash('sha256')
    .update(JSON.stringify([recipe, language, pipeline, identity]))
    .digest('hex')
}

async function load(file: string, vocabularies: Vocabularies): Promise<NluModel | undefined> {
  try {
    const model = await loadModel(file, { vocabularies })
    const now = new Date()
    await utimes(file, now, now)
    return model
  } catch (error) {
    // Not there, or not readable: it is trained again from its definition.
    if (error instanceof NluError && ['not_found', 'bad_model'].includes(error.code))
      return undefined
    throw error
  }
}
