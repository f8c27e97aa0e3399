/** The thread that `trainInWorker` starts: collects the examples, trains, and sends the model's bytes. */
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { componentsOf } from './component-modules.ts'
import { NluError } from './nlu-error.ts'
import { train } from './train.ts'
import type { WorkerOrder, WorkerReport } from './train-in-worker.ts'
import type { Example } from './training-data/training-data.ts'

const examples: Example[] = []

// On Linux a priority belongs to a thread; elsewhere 0 would mean the whole process.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)

parentPort?.on('message', (order: WorkerOrder) => {
  if (order.kind === 'examples') examples.push(...order.examples)
  else void work(order)
})

async function work({ data, options }: Extract<WorkerOrder, { kind: 'train' }>): Promise<void> {
  try {
    const { componentModules = [], ...rest } = options
    const components = (await Promise.all(componentModules.map(componentsOf))).flat()
    let reported = 0
    const model = await train(
      { ...data, examples },
      {
        ...rest,
        components,
        onWarning: (issue) => tell({ kind: 'warning', issue }),
        onProgress: (progress) => {
          if (progress.done < 1 && performance.now() - reported < 50) return
          reported = performance.now()
          tell({ kind: 'progress', progress })
        },
      },
    )
    const bytes = model.encode()
    tell({ kind: 'done', bytes }, [bytes.buffer])
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    tell({ kind: 'failed', code: error instanceof NluError ? error.code : undefined, message })
  }
}

function tell(report: WorkerReport, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(report, transfer)
}
