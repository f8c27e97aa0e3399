/**
 * Trains on a worker thread, at a lower priority where the system has one per thread, so that the process goes on parsing. The data goes
 * over in pieces and the model comes back as a file's bytes: neither holds the event loop for long.
 */
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { NluError, type NluErrorCode } from './nlu-error.ts'
import type { PipelineEntry } from './pipeline.ts'
import type { TrainProgress } from './train.ts'
import type { Example, TrainingData } from './training-data/training-data.ts'
import type { DataIssue } from './training-data/validate-data.ts'

export interface WorkerTrainOptions {
  readonly pipeline?: string | readonly PipelineEntry[]
  readonly language?: string
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainProgress) => void
  readonly onWarning?: (issue: DataIssue) => void
  /** URLs of modules whose exports are own component types; the worker imports them. */
  readonly componentModules?: readonly string[]
}

/** What the worker is told. */
export type WorkerOrder =
  | { readonly kind: 'examples'; readonly examples: readonly Example[] }
  | {
      readonly kind: 'train'
      readonly data: Omit<TrainingData, 'examples'>
      readonly options: Pick<
        WorkerTrainOptions,
        'pipeline' | 'language' | 'seed' | 'componentModules'
      >
    }

/** What the worker tells. */
export type WorkerReport =
  | { readonly kind: 'progress'; readonly progress: TrainProgress }
  | { readonly kind: 'warning'; readonly issue: DataIssue }
  | { readonly kind: 'done'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly code: NluErrorCode | undefined; readonly message: string }

const piece = 500

/**
 * @returns the model as `NluModel.encode` gives it
 * @throws {NluError} as `train`; cancelled at once when the signal aborts; worker_failed
 */
export async function trainInWorker(
  data: TrainingData,
  options: WorkerTrainOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, onProgress, onWarning, pipeline, language, seed, componentModules } = options
  const cancelled = () =>
    new NluError('cancelled', 'training was cancelled', { cause: signal?.reason })
  if (signal?.aborted) throw cancelled()
  const worker = new Worker(workerFile())
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(cancelled()), { once: true })
      worker.on('error', (cause) =>
        reject(
          new NluError(
            'worker_failed',
            `the training worker failed: ${cause instanceof Error ? cause.message : cause}`,
            { cause },
          ),
        ),
      )
      worker.on('exit', (code) =>
        reject(new NluError('worker_failed', `the training worker ended with code ${code}`)),
      )
      worker.on('message', (report: WorkerReport) => {
        if (report.kind === 'progress') onProgress?.(report.progress)
        else if (report.kind === 'warning') onWarning?.(report.issue)
        else if (report.kind === 'done') resolve(report.bytes)
        else reject(new NluError(report.code ?? 'worker_failed', report.message))
      })
      const { examples, ...rest } = data
      const order = (message: WorkerOrder) => worker.postMessage(message)
      sendExamples(examples, order)
        .then(() =>
          order({
            kind: 'train',
            data: rest,
            options: plain({ pipeline, language, seed, componentModules }),
          }),
        )
        .catch(reject)
    })
  } finally {
    await worker.terminate()
  }
}

async function sendExamples(
  examples: readonly Example[],
  order: (message: WorkerOrder) => void,
): Promise<void> {
  for (let at = 0; at < examples.length; at += piece) {
    order({ kind: 'examples', examples: examples.slice(at, at + piece) })
    await setImmediate()
  }
}

/** Without the fields that are undefined. */
function plain<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>
}

/** The worker beside this file, as source and as built. */
function workerFile(): URL {
  return new URL(`./train-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
}
