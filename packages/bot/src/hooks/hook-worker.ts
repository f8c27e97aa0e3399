/**
 * The thread that runs hooks' code, one call at a time, as Lambda does: state in a module is never seen by two calls at once. Calls
 * that lie in its inbox are claimed before they begin, so that the pool can take back those that have not.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { HookAnswer, HookCall } from './hook-contract.ts'
import {
  claimed,
  type HookCallOrder,
  type HookCode,
  type HookOrder,
  type HookReply,
  type HookReport,
  type HookWorkerData,
  isRefusal,
  longestAnswer,
  thrownMessage,
} from './hook-protocol.ts'
import { invokeLambda, type LambdaHandler } from './invoke-lambda.ts'
import { HandlerMissing, type LoadedHandler, loadHandler } from './load-handler.ts'

interface Running {
  readonly id: number
  /** Only hooks that get a turn are told that their caller has gone. */
  abort?: AbortController
}

const handlers = new Map<string, Promise<LoadedHandler>>()
const inbox: HookCallOrder[] = []
let running: Running | undefined

if (parentPort) serve(parentPort)

function serve(port: MessagePort): void {
  // Set by the pool, which starts this file.
  const data = workerData as HookWorkerData
  port.on('message', (order: HookOrder) => {
    if (order.kind === 'load') handlerOf(order.code).catch(() => {})
    else if (order.kind === 'abort') {
      if (running?.id === order.id) running.abort?.abort()
    } else {
      inbox.push(order)
      if (!running) next()
    }
  })
  const report = (message: HookReport) => port.postMessage(message)
  const next = (): void => {
    let order = inbox.shift()
    while (order && !claimed(data.claims, order.claim, order.id)) order = inbox.shift()
    if (!order) return
    running = { id: order.id }
    answer(order, running, data, report).then((reply) => {
      running = undefined
      report(reply)
      next()
    })
  }
  report({ kind: 'ready' })
}

async function answer(
  order: HookCallOrder,
  running: Running,
  { memoryMb }: HookWorkerData,
  report: (message: HookReport) => void,
): Promise<HookReply> {
  const { id, name } = order
  const warnings: string[] = []
  let answered = false
  const warn = (message: string): void => {
    if (answered) report({ kind: 'warning', name, message })
    else if (warnings.length < 10) warnings.push(message)
  }
  try {
    const handler = await handlerOf(order.code)
    const value =
      order.event === 'turn'
        ? await runTurn(handler, order.input, running, warn)
        : await invokeLambda(handler as LambdaHandler, order.input, {
            name,
            arn: order.arn,
            requestId: order.requestId,
            memoryMb,
            deadline: Date.now() + order.timeoutMs,
            clock: Date.now,
            warn,
          })
    answered = true
    // As Lambda: the answer is what its JSON says.
    const json = JSON.stringify(value)
    if (json !== undefined && json.length > longestAnswer) {
      const message = `the answer has ${json.length} characters of JSON; at most ${longestAnswer} are allowed`
      return { kind: 'reply', id, warnings, ok: false, code: 'BAD_ANSWER', message }
    }
    return { kind: 'reply', id, warnings, ok: true, json }
  } catch (error) {
    answered = true
    const code = isRefusal(error)
      ? 'BAD_ANSWER'
      : error instanceof HandlerMissing
        ? 'MISSING'
        : 'THROWN'
    return { kind: 'reply', id, warnings, ok: false, code, message: thrownMessage(error) }
  }
}

async function runTurn(
  handler: LoadedHandler,
  input: unknown,
  running: Running,
  warn: (message: string) => void,
): Promise<HookAnswer> {
  running.abort = new AbortController()
  const { makeTurn } = await import('./make-turn.ts')
  // The pool sends a HookCall with this event.
  const { turn, answerOf } = makeTurn(input as HookCall, running.abort.signal, { warn })
  return answerOf(await handler(turn))
}

function handlerOf({ file, handler, generation }: HookCode): Promise<LoadedHandler> {
  const key = `${generation}\0${handler}\0${file}`
  const known = handlers.get(key)
  if (known) return known
  const loading = loadHandler(file, handler, generation)
  handlers.set(key, loading)
  // The next call tries again.
  loading.catch(() => handlers.delete(key))
  return loading
}
