/**
 * How the app understands sentences, for the console: what its models say of a sentence, what models of the same data say
 * of examples that they were not trained on, and training again with an example more. Progress goes to the hub as `nlu`.
 */
import type { Evaluation, Example, ParseResult } from '@typestead/nlu'
import type { AppLog } from '../config/define-config.ts'
import type { NluService } from '../nlu/nlu-service.ts'
import { HttpError } from '../server/error-response.ts'
import type { EventHub } from './event-hub.ts'

export interface UnderstandingOptions {
  readonly nlu: NluService
  readonly hub: EventHub
  readonly log: AppLog
}

export interface ProjectAnswer {
  readonly name: string
  readonly pipeline: string
  readonly language: string
  /** Null until one is trained. */
  readonly model: {
    readonly name: string
    readonly examples: number
    readonly intents: readonly string[]
    readonly entities: readonly string[]
  } | null
  /** Share of a training under way, 0 to 1; null without one. */
  readonly training: number | null
}

/** An event of the topic `nlu`. */
export type UnderstandingEvent =
  | { readonly project: string; readonly state: 'training' | 'checking'; readonly done: number }
  | { readonly project: string; readonly state: 'trained'; readonly model: string }
  | { readonly project: string; readonly state: 'failed'; readonly message: string }

/** An example, and what a model that was not trained on it makes of it. */
export interface ExampleAnswer {
  readonly text: string
  readonly intent: string | null
  readonly predicted: { readonly name: string; readonly confidence: number } | null
  /** The prediction was not to be trusted. */
  readonly refused: boolean
  readonly entities: readonly Span[]
  readonly found: readonly Span[]
}

export interface ExamplesAnswer {
  readonly accuracy: number
  readonly entityF1: number
  readonly examples: readonly ExampleAnswer[]
}

interface Span {
  readonly start: number
  readonly end: number
  readonly entity: string
}

/** Steps of progress that are told of, so that fast trainings do not flood the stream. */
const steps = 50

export class Understanding {
  readonly #nlu: NluService
  readonly #hub: EventHub
  readonly #log: AppLog
  readonly #checks = new Map<
    string,
    { readonly data: string; readonly answer: Promise<ExamplesAnswer> }
  >()

  constructor({ nlu, hub, log }: UnderstandingOptions) {
    this.#nlu = nlu
    this.#hub = hub
    this.#log = log
  }

  projects(): Promise<readonly ProjectAnswer[]> {
    return Promise.all(this.#nlu.projects.map((name) => this.#project(name)))
  }

  /** @throws {NluError} `text_too_long`, `not_found` without a model */
  async parse(project: string, text: string): Promise<ParseResult> {
    this.#known(project)
    return this.#nlu.parse(project, text)
  }

  /** By cross-validation, once for each state of the files. @throws {NluError} `bad_data`, `not_found` */
  async examples(project: string): Promise<ExamplesAnswer> {
    this.#known(project)
    const data = await this.#nlu.modelName(project)
    const before = this.#checks.get(project)
    if (before?.data === data) return before.answer
    const answer = this.#check(project)
    this.#checks.set(project, { data, answer })
    // What failed is tried again when it is asked for again.
    answer.catch(() => this.#checks.delete(project))
    return answer
  }

  /** @throws {NluError} `bad_data` when the project's data with it could not be trained */
  async add(project: string, example: Example): Promise<void> {
    this.#known(project)
    await this.#nlu.addExample(project, example)
  }

  /** Begins to train; how it goes is told by events. @throws {HttpError} 409 while it trains already */
  train(project: string): void {
    this.#known(project)
    if (this.#nlu.training.some((one) => one.project === project)) {
      throw new HttpError(
        409,
        'BUSY',
        `the model "${project}" is being trained already; wait for it`,
      )
    }
    const tell = this.#steps(project, 'training')
    tell(0)
    this.#nlu.train(project, { onProgress: tell }).then(
      ({ name }) => this.#publish({ project, state: 'trained', model: name }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        this.#publish({ project, state: 'failed', message })
        this.#log.warn({ error, project }, 'a model could not be trained; the old one stays')
      },
    )
  }

  async #project(name: string): Promise<ProjectAnswer> {
    const { pipeline = 'fast', language = 'en' } = this.#nlu.config(name)
    const training = this.#nlu.training.find(({ project }) => project === name)?.done ?? null
    const served = await this.#nlu.registry.get(name).catch((error: unknown) => {
      this.#log.warn({ error, project: name }, 'there is no model')
      return undefined
    })
    if (served === undefined) return { name, pipeline, language, model: null, training }
    const { examples, intents, entities } = served.model.description
    return {
      name,
      pipeline,
      language,
      model: { name: served.name, examples, intents, entities },
      training,
    }
  }

  async #check(project: string): Promise<ExamplesAnswer> {
    const tell = this.#steps(project, 'checking')
    return examplesOf(
      await this.#nlu.crossValidate(project, { onFold: (done, folds) => tell(done / folds) }),
    )
  }

  #steps(project: string, state: 'training' | 'checking'): (done: number) => void {
    let last = -1
    return (done) => {
      const step = Math.floor(done * steps)
      if (step === last) return
      last = step
      this.#publish({ project, state, done })
    }
  }

  #publish(event: UnderstandingEvent): void {
    this.#hub.publish('nlu', event)
  }

  #known(project: string): void {
    if (this.#nlu.projects.includes(project)) return
    const names = this.#nlu.projects.join(', ')
    throw new HttpError(404, 'NOT_FOUND', `there is no project ${project}; there are ${names}`)
  }
}

function examplesOf({ intent, entities, sentences }: Evaluation): ExamplesAnswer {
  const span = ({ start, end, entity }: Span): Span => ({ start, end, entity })
  return {
    accuracy: intent.accuracy,
    entityF1: entities.f1,
    examples: sentences.map(({ example, predicted, refused, entities: found }) => ({
      text: example.text,
      intent: example.intent ?? null,
      predicted,
      refused,
      entities: example.entities.map(span),
      found: found.map(span),
    })),
  }
}
