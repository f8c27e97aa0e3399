/**
 * The models of an app: a registry in the data folder, one project for each of the config, trained on a worker when its
 * files have changed; lists that follow the store; Rasa's HTTP API at `/nlu`.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type {
  Evaluation,
  Example,
  ModelRegistry,
  ParseResult,
  ServedModel,
  TrainingData,
} from '@typestead/nlu'
import type { Database } from '@typestead/store'
import type { AppLog } from '../config/define-config.ts'
import { loadNlu } from '../config/installed.ts'
import { TypesteadError } from '../typestead-error.ts'
import { keepVocabularies } from './live-vocabulary.ts'
import type { NluConfig, NluProjectConfig } from './nlu-config.ts'

type Nlu = typeof import('@typestead/nlu')

export interface NluServiceOptions {
  readonly config: NluConfig
  /** The app's. */
  readonly folder: string
  readonly data: string
  readonly token: string
  readonly log: AppLog
  readonly signal: AbortSignal
}

export interface NluTraining {
  readonly project: string
  /** Share of the work done, 0 to 1. */
  readonly done: number
}

export class NluService {
  readonly #options: NluServiceOptions
  readonly #nlu: Nlu
  readonly registry: ModelRegistry
  readonly handler: (request: Request) => Promise<Response>
  readonly #training = new Map<string, number>()

  constructor(nlu: Nlu, options: NluServiceOptions) {
    const { config, data, token, log } = options
    this.#options = options
    this.#nlu = nlu
    const onError = (error: unknown) => log.error({ error }, 'nlu')
    const [defaultProject] = Object.keys(config.projects)
    this.registry = new nlu.ModelRegistry({
      folder: join(data, 'nlu'),
      ...(defaultProject === undefined ? {} : { defaultProject }),
      onError,
    })
    this.handler = nlu.nluApi({
      models: this.registry,
      token,
      basePath: '/nlu',
      ...(config.timeZone === undefined ? {} : { timeZone: config.timeZone }),
      onError,
    })
  }

  get projects(): readonly string[] {
    return Object.keys(this.#options.config.projects)
  }

  /** Trainings under way. */
  get training(): readonly NluTraining[] {
    return [...this.#training].map(([project, done]) => ({ project, done }))
  }

  /** Trains the projects that have no model of their files yet. @throws {TypesteadError} `TRAINING_FAILED` */
  async trainMissing(): Promise<void> {
    for (const project of this.projects) {
      const name = await this.modelName(project)
      const models = (await this.registry.list()).get(project) ?? []
      if (models.some((model) => model.name === name)) continue
      await this.train(project)
    }
  }

  /** Trains a project from its files as they are now, and swaps its model. @throws {TypesteadError} `TRAINING_FAILED` */
  async train(
    project: string,
    { signal = this.#options.signal, onProgress }: TrainOptions = {},
  ): Promise<ServedModel> {
    const { pipeline = 'fast', language = 'en' } = this.config(project)
    const { log } = this.#options
    this.#training.set(project, 0)
    try {
      return await this.registry.train(await this.examples(project), {
        project,
        name: await this.modelName(project),
        pipeline,
        language,
        signal,
        onProgress: ({ done }) => {
          this.#training.set(project, done)
          onProgress?.(done)
        },
        onWarning: (issue) => log.warn({ project }, this.#nlu.formatIssue(issue)),
      })
    } catch (cause) {
      if (signal.aborted) throw cause
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new TypesteadError(
        'TRAINING_FAILED',
        `the model "${project}" cannot be trained: ${reason}`,
        {
          cause,
        },
      )
    } finally {
      this.#training.delete(project)
    }
  }

  /** Fills the lists from the store and lets them follow it. */
  keepVocabularies(db: Database): Promise<void> {
    const { config, signal, log } = this.#options
    return keepVocabularies({
      db,
      signal,
      vocabularies: config.vocabularies ?? {},
      lists: this.registry.vocabularies,
      onError: (error) => log.error({ error }, 'the vocabularies could not follow the store'),
    })
  }

  /** The training data of a project. @throws {NluError} `not_found`, `bad_data` with file and line */
  examples(project: string): Promise<TrainingData> {
    return this.#nlu.loadTrainingData(this.#files(project))
  }

  /** What the project's model makes of a sentence. @throws {NluError} `not_found`, `text_too_long` */
  async parse(project: string, text: string): Promise<ParseResult> {
    const { timeZone } = this.#options.config
    const { model } = await this.registry.get(project)
    return model.parse(text, timeZone === undefined ? {} : { timeZone })
  }

  /** How well models of this data understand what they were not trained on. */
  async crossValidate(
    project: string,
    options: { readonly onFold?: (done: number, folds: number) => void } = {},
  ): Promise<Evaluation> {
    const { pipeline = 'fast', language = 'en' } = this.config(project)
    const data = await this.examples(project)
    const { signal } = this.#options
    return this.#nlu.crossValidate(data, { ...options, pipeline, language, signal })
  }

  /**
   * Keeps a sentence as an example, in a file beside the project's; it counts from the next training on.
   * @throws {NluError} `bad_data` when the example has errors
   */
  async addExample(project: string, example: Example): Promise<void> {
    const issues = this.#nlu.validateData({ ...this.#nlu.noData, examples: [example] })
    const errors = issues.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      const message = errors.map((error) => error.message).join('; ')
      throw new this.#nlu.NluError('bad_data', message)
    }
    const { text, intent, entities } = example
    const spans = entities.map(({ start, end, entity, value }) => ({ start, end, entity, value }))
    await appendFile(this.#added(project), `${JSON.stringify({ text, intent, entities: spans })}\n`)
  }

  /** @throws {TypesteadError} `NOT_CONFIGURED` */
  config(project: string): NluProjectConfig {
    const { projects } = this.#options.config
    const found = Object.hasOwn(projects, project) ? projects[project] : undefined
    if (found) return found
    throw new TypesteadError('NOT_CONFIGURED', `the config's nlu has no project "${project}"`)
  }

  #files(project: string): readonly string[] {
    const { folder } = this.#options
    const files = this.config(project).files.map((file) => resolve(folder, file))
    const added = this.#added(project)
    return existsSync(added) && !files.includes(added) ? [...files, added] : files
  }

  #added(project: string): string {
    const [first = '.'] = this.config(project).files
    return join(dirname(resolve(this.#options.folder, first)), `${project}.added.jsonl`)
  }

  /** Tells apart models of different data. */
  async modelName(project: string): Promise<string> {
    const hash = createHash('sha256').update(JSON.stringify(this.config(project)))
    for (const file of this.#files(project)) hash.update('\0').update(await readFile(file))
    return `files-${hash.digest('hex').slice(0, 16)}`
  }
}

interface TrainOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number) => void
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export async function openNlu(options: NluServiceOptions): Promise<NluService> {
  return new NluService(await loadNlu(options.folder), options)
}
