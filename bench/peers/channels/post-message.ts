import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

const sizes: Readonly<Record<string, number>> = {
  'round trip': 2000,
  integers: 50_000,
  objects: 30_000,
}

if (!isMainThread) {
  parentPort?.on('message', ([name, value]: [string, number]) => {
    if (name === 'round trip') parentPort?.postMessage(value)
    else if (name === 'integers') for (let i = 0; i < value; i++) parentPort?.postMessage(i)
    else {
      for (let i = 0; i < value; i++) {
        parentPort?.postMessage({ id: i, name: `order ${i}`, tags: ['new', 'paid'] })
      }
    }
  })
}

export const bench = (args: unknown) => {
  const name = String(args)
  const operations = sizes[name] ?? 0
  const worker = new Worker(new URL(import.meta.url))
  return {
    operations,
    run: async () => {
      if (name === 'round trip') {
        for (let i = 0; i < operations; i++) {
          worker.postMessage([name, i])
          await once(worker, 'message')
        }
        return true
      }
      let count = 0
      const all = new Promise((resolve) => {
        const listener = () => {
          if (++count === operations) {
            worker.off('message', listener)
            resolve(true)
          }
        }
        worker.on('message', listener)
      })
      worker.postMessage([name, operations])
      return all
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}
