/** Trains a pipeline on data, in this thread, giving way to other work between steps. */
import { setImmediate } from 'node:timers/promises'
import type { Component, ComponentType, Message } from './component.ts'
import { NluModel, newMessage } from './model.ts'
import { NluError } from './nlu-error.ts'
import { componentTypes, type PipelineEntry, pipelineOf, typeOf } from './pipeline.ts'
import type { TrainingData } from './training-data/training-data.ts'
import { type DataIssue, formatIssue, validateData } from './training-data/validate-data.ts'
import { Vocabularies } from './vocabularies.ts'

export interface TrainProgress {
  /** Share of the work done, 0 to 1. */
  readonly done: number
  /** The component that learns. */
  readonly component: string
}

export interface TrainOptions {
  /** 'fast' (default), 'embedding', 'keyword', or components with their options. */
  readonly pipeline?: string | readonly PipelineEntry[]
  /** BCP 47 language of the data; default "en". */
  readonly language?: string
  /** The same seed and data give the same model, byte for byte. Default 1. */
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainProgress) => void
  /** Told each warning about the data; errors are thrown. */
  readonly onWarning?: (issue: DataIssue) => void
  /** Own component types that the pipeline names. */
  readonly components?: readonly ComponentType[]
  readonly vocabularies?: Vocabularies
}

const turn = 10

/** @throws {NluError} bad_data (every error with file and line), bad_config, cancelled, missing_peer */
export async function train(data: TrainingData, options: TrainOptions = {}): Promise<NluModel> {
  refuseErrors(data, options.onWarning)
  const pipeline = pipelineOf(options.pipeline ?? 'fast')
  const vocabularies = options.vocabularies ?? new Vocabularies()
  const types = componentTypes(vocabularies, options.components)
  const entries = pipeline.map(({ name, ...given }) => ({
    type: typeOf(types, name),
    options: given,
  }))
  const language = options.language ?? 'en'
  const messages = data.examples.map(
    (example): Message => ({ ...newMessage(example.text, {}), example }),
  )
  const pauseFor = pauses(
    entries.map(({ type }) => type),
    options,
  )
  const components: Component[] = new Array(entries.length)
  // What marks spans learns first: its marks are features for what follows, wherever it stands in the pipeline.
  const isEarly = (i: number) => entries[i]?.type.phase === 'marks'
  const order = [...entries.keys()].sort((a, b) => Number(isEarly(b)) - Number(isEarly(a)))
  for (const i of order) {
    const { type, options: given } = entries[i] as (typeof entries)[number]
    const pause = pauseFor(i)
    await pause(0)
    const component = await type.train({
      data,
      messages,
      options: { language, ...given },
      seed: (options.seed ?? 1) + i,
      pause,
    })
    components[i] = component
    if (component.mark) for (const message of messages) component.mark(message)
    if (type.phase === 'features')
      for (const message of messages) await component.process?.(message)
  }
  const description = {
    language,
    pipeline,
    intents: distinct(data.examples.map(({ intent }) => intent)),
    entities: distinct(
      data.examples.flatMap(({ entities }) => entities.map(({ entity }) => entity)),
    ),
    examples: data.examples.length,
  }
  return new NluModel(
    description,
    components,
    vocabularies,
    entries.some(({ type }) => type.asynchronous),
  )
}

function refuseErrors(data: TrainingData, onWarning: TrainOptions['onWarning']): void {
  const issues = validateData(data)
  const errors = issues.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const shown = errors.slice(0, 20).map(formatIssue)
    const more = errors.length > shown.length ? [`and ${errors.length - shown.length} more`] : []
    throw new NluError('bad_data', ['the training data has errors:', ...shown, ...more].join('\n'))
  }
  for (const issue of issues) onWarning?.(issue)
}

/** For each component its `pause`: reports overall progress, lets other work run every few milliseconds, stops when cancelled. */
function pauses(types: readonly ComponentType[], { signal, onProgress }: TrainOptions) {
  const total = types.reduce((sum, { weight }) => sum + (weight ?? 0), 0) || 1
  let last = performance.now()
  const turnOver = async () => {
    await setImmediate()
    last = performance.now()
  }
  const shares = new Float64Array(types.length)
  return (i: number) => {
    const { weight = 0, name } = types[i] as ComponentType
    return (fraction: number): Promise<void> | undefined => {
      shares[i] = fraction * weight
      if (fraction > 0 && performance.now() - last < turn) return undefined
      if (signal?.aborted)
        throw new NluError('cancelled', 'training was cancelled', { cause: signal.reason })
      onProgress?.({
        done: Math.min(1, shares.reduce((sum, share) => sum + share, 0) / total),
        component: name,
      })
      return turnOver()
    }
  }
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort()
}
