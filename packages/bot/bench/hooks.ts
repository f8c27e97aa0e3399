/** A Lambda handler in a worker, and what no hook can do without: its event over to a worker by postMessage, an answer back. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BenchMaker, Json } from '../../../bench/measure.ts'
import { v1Event } from '../src/hooks/lambda-v1-event.ts'
import { hookRegistry, lambda } from '../src/index.ts'
import { bookCall } from '../test/book-call.ts'

const code = `exports.handler = (event, context, callback) => callback(null, {
  sessionAttributes: event.sessionAttributes,
  dialogAction: { type: 'Delegate', slots: event.currentIntent.slots },
})`
const count = 2_000
/** Calls under way at once when they are pipelined. */
const atOnce = 16

export const bench: BenchMaker = async (args) => {
  const lanes = lanesOf(args)
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bench-hooks-'))
  const file = join(folder, 'validate.cjs')
  await writeFile(file, code)
  const hooks = hookRegistry({ workers: 1, hooks: { validate: lambda(file) } })
  const never = new AbortController().signal
  const call = bookCall()
  return {
    operations: count,
    run: () =>
      inTurn(lanes, async () => {
        const result = await hooks.run(call, never)
        return result.ok ? result.answer.action.type : result.error.message
      }),
    async [Symbol.asyncDispose]() {
      await hooks.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The same handler's code behind nothing but a message each way. */
export const bare: BenchMaker = async (args) => {
  const lanes = lanesOf(args)
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
${code}
parentPort.on('message', ({ id, event }) => exports.handler(event, {}, (_, answer) => parentPort.postMessage({ id, answer })))`,
    { eval: true },
  )
  await once(worker, 'online')
  const waiting = new Map<number, (type: string) => void>()
  worker.on('message', ({ id, answer }) => {
    waiting.get(id)?.(answer.dialogAction.type)
    waiting.delete(id)
  })
  const call = bookCall()
  let last = 0
  return {
    operations: count,
    run: () =>
      inTurn(
        lanes,
        () =>
          new Promise<string>((resolve) => {
            waiting.set(++last, resolve)
            worker.postMessage({ id: last, event: v1Event(call) })
          }),
      ),
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}

function lanesOf(args: Json | undefined): number {
  return JSON.stringify(args) === '{"pipelined":true}' ? atOnce : 1
}

/** @returns the answers that there were */
async function inTurn(lanes: number, ask: () => Promise<string>): Promise<string[]> {
  const answers = new Set<string>()
  const lane = async () => {
    for (let i = 0; i < count / lanes; i++) answers.add(await ask())
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return [...answers]
}
