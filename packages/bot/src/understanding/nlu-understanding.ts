/**
 * Understanding in process by `@typestead/nlu`: each language of each version is trained once, on a worker thread, from the bot's own
 * utterances. A sentence that is an utterance word for word is understood for certain. Values that are added to a live vocabulary
 * are understood from the next sentence on, without training.
 */
import { NluError, type NluModel, Vocabularies } from '@typestead/nlu'
import { BotError } from '../bot-error.ts'
import type { BotModel, LocaleModel } from '../model/bot-model.ts'
import { localeTrainingData, outOfScope } from './locale-training-data.ts'
import { Templates } from './template-match.ts'
import { allowedIntents, templateUnderstanding, withTemplates } from './template-understanding.ts'
import { nameOf, TrainedModels } from './trained-models.ts'
import type {
  PrepareOptions,
  Understander,
  Understanding,
  UnderstandRequest,
  UnderstoodEntity,
  UnderstoodIntent,
} from './understanding.ts'

export interface NluUnderstandingOptions {
  /** Where trained models are kept, so that a restart does not train; absent: in memory alone. */
  readonly folder?: string
  /** Live vocabularies by name, as slot types name them. */
  readonly vocabularies?: Vocabularies
  /** 'fast' by default; 'embedding', 'keyword'. */
  readonly pipeline?: string
  /** Languages of versions that stay in memory, 64 by default; others are loaded again when they are spoken. */
  readonly loaded?: number
}

interface Spoken {
  readonly model: Promise<NluModel | null>
  readonly templates: Templates
  /** Names that entities of this language can have. */
  readonly entities: ReadonlySet<string>
}

export interface NluUnderstander extends Required<Understander> {
  readonly vocabularies: Vocabularies
}

export function nluUnderstanding(options: NluUnderstandingOptions = {}): NluUnderstander {
  return new NluBots(options)
}

class NluBots implements NluUnderstander {
  readonly vocabularies: Vocabularies
  readonly #models: TrainedModels
  readonly #pipeline: string
  readonly #most: number
  /** By the model's identity, the one used last at the end. */
  readonly #spoken = new Map<string, Spoken>()
  readonly #names = new WeakMap<LocaleModel, string>()

  constructor(options: NluUnderstandingOptions) {
    this.vocabularies = options.vocabularies ?? new Vocabularies()
    this.#models = new TrainedModels(options.folder, this.vocabularies)
    this.#pipeline = options.pipeline ?? 'fast'
    this.#most = Math.max(1, options.loaded ?? 64)
  }

  /** @throws {BotError} NOT_FOUND for a language that the bot does not speak; UNAVAILABLE when it cannot be trained */
  async understand(request: UnderstandRequest): Promise<Understanding> {
    const locale = localeOf(request.model, request.locale)
    const { model: loading, templates, entities: known } = this.#speak(locale)
    const certain = templateUnderstanding(templates, locale, request, this.vocabularies)
    const model = await abortable(loading, request.signal)
    if (!model) return withTemplates(nothing, certain)
    const allowed = allowedIntents(locale, request.contexts)
    const parsed = await parse(model, request)
    if (!parsed) return withTemplates(nothing, certain)
    const ranking = parsed.intent_ranking.filter(
      ({ name }) => name !== outOfScope && name !== 'nlu_fallback' && allowed.has(name),
    )
    const first = parsed.intent_ranking.find(({ name }) => name !== 'nlu_fallback')
    // Not to be trusted: below the bot's own threshold, in the order in which they came.
    const isRefused =
      first?.name === outOfScope ||
      (parsed.intent?.name === 'nlu_fallback' && model.description.examples >= trustedFrom)
    const top = ranking[0]?.confidence ?? 0
    const most = locale.threshold * 0.99
    const scale = isRefused && top > most && top > 0 ? most / top : 1
    const intents = ranking.map(
      ({ name, confidence }): UnderstoodIntent => ({ name, confidence: confidence * scale }),
    )
    const entities = parsed.entities
      .filter(({ entity, value }) => known.has(entity) && typeof value === 'string')
      .map(
        ({ entity, value, start, end, confidence }): UnderstoodEntity => ({
          entity,
          value: String(value),
          start,
          end,
          confidence,
        }),
      )
    return withTemplates({ intents, entities, source: 'classifier', degraded: null }, certain)
  }

  async prepare(model: BotModel, options: PrepareOptions): Promise<void> {
    const locales = Object.values(model.locales)
    for (const [i, locale] of locales.entries()) {
      const onProgress = (done: number) => options.onProgress?.((i + done) / locales.length)
      const { model: loading } = this.#speak(locale, { ...options, onProgress })
      await abortable(loading, options.signal)
      onProgress(1)
    }
  }

  has(vocabulary: string): boolean {
    return this.vocabularies.names.includes(vocabulary)
  }

  /** Files stay: another version may have the same words. */
  async forget(): Promise<void> {}

  #speak(locale: LocaleModel, options?: PrepareOptions): Spoken {
    const name = this.#nameOf(locale)
    const known = this.#spoken.get(name)
    this.#spoken.delete(name)
    const spoken = known ?? {
      model: this.#train(locale, options),
      templates: new Templates(locale),
      entities: entityNames(locale),
    }
    this.#spoken.set(name, spoken)
    if (!known) {
      spoken.model.catch(() => {
        if (this.#spoken.get(name) === spoken) this.#spoken.delete(name)
      })
      for (const oldest of this.#spoken.keys()) {
        if (this.#spoken.size <= this.#most) break
        this.#spoken.delete(oldest)
      }
    }
    return spoken
  }

  async #train(locale: LocaleModel, options?: PrepareOptions): Promise<NluModel | null> {
    if (locale.intents.every(({ utterances }) => utterances.length === 0)) return null
    return this.#models.get({
      identity: identityOf(locale),
      language: languageOf(locale),
      pipeline: this.#pipeline,
      data: () => localeTrainingData(locale, (name) => this.vocabularies.values(name)),
      ...(options?.signal ? { signal: options.signal } : {}),
      ...(options?.onProgress ? { onProgress: options.onProgress } : {}),
    })
  }

  #nameOf(locale: LocaleModel): string {
    const known = this.#names.get(locale)
    if (known !== undefined) return known
    const name = nameOf({
      identity: identityOf(locale),
      language: languageOf(locale),
      pipeline: this.#pipeline,
      data: () => localeTrainingData(locale, () => []),
    })
    this.#names.set(locale, name)
    return name
  }
}

/** Examples from which on a threshold that was set on held-out ones says something. */
const trustedFrom = 100
const nothing: Understanding = { intents: [], entities: [], source: 'classifier', degraded: null }
/** Characters of a sentence that are read; the service allows less. */
const longestText = 16_384

/** @throws {BotError} NOT_FOUND */
export function localeOf(model: BotModel, locale: string): LocaleModel {
  const found = model.locales[locale]
  if (found) return found
  const spoken = Object.keys(model.locales).join(', ')
  throw new BotError('NOT_FOUND', `${model.name} does not speak ${locale}; it speaks ${spoken}`)
}

async function parse(model: NluModel, { text, now, timeZone }: UnderstandRequest) {
  try {
    return await model.parse(text.slice(0, longestText), { now: new Date(now), timeZone })
  } catch (error) {
    if (error instanceof NluError && error.code === 'text_too_long') return null
    throw error
  }
}

/** What training depends on; messages, hooks and the like may change without it. */
function identityOf({ locale, intents, slotTypes }: LocaleModel): unknown {
  return [
    locale,
    intents.map(({ name, utterances, slots }) => [
      name,
      utterances,
      slots.map((slot) => [slot.name, slot.type, slot.utterances]),
    ]),
    slotTypes.map(({ name, parent, values, vocabulary }) => [name, parent, values, vocabulary]),
  ]
}

function entityNames({ intents, slotTypes }: LocaleModel): ReadonlySet<string> {
  const slots = intents.flatMap((intent) => intent.slots)
  return new Set([
    ...slots.flatMap(({ name, type }) => [name, type]),
    ...slotTypes.flatMap(({ name, vocabulary }) => [name, ...(vocabulary ? [vocabulary] : [])]),
    'location',
    'city',
    'country',
  ])
}

/** BCP 47's primary tag: `en` of `en_US`. */
function languageOf({ locale }: LocaleModel): string {
  return locale.split(/[_-]/)[0] ?? 'en'
}

/** The wait ends with the signal; the work goes on for whoever else waits. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const gone = () => reject(signal.reason)
  signal.addEventListener('abort', gone)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', gone)
  }
}
