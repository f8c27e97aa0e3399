/**
 * What one request did and how long each part took, for the workbench. It travels with the request's own work, and costs
 * nothing while nobody listens to the diagnostics channel `typestead:request`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'

export interface TraceSpan {
  readonly name: string
  /** Milliseconds after the request's begin. */
  readonly at: number
  readonly ms: number
  /** `ok`, or the code of the error. */
  readonly outcome: string
}

export interface RequestTrace {
  readonly requestId: string
  readonly server: 'app' | 'workbench'
  readonly method: string
  readonly route: string
  readonly status: number
  /** When it began, ISO 8601. */
  readonly time: string
  readonly ms: number
  readonly spans: readonly TraceSpan[]
}

interface Running {
  readonly started: number
  readonly spans: TraceSpan[]
}

/** A request that makes more spans is cut short. */
const mostSpans = 200

export const requestChannel = channel('typestead:request')
const current = new AsyncLocalStorage<Running>()

/** Runs the work of a request; what it measures by `addSpan` is published with what `finish` says of it. */
export async function traced<R>(
  work: () => Promise<R>,
  finish: (result: R) => Omit<RequestTrace, 'spans' | 'time' | 'ms'>,
): Promise<R> {
  if (!requestChannel.hasSubscribers) return work()
  const running: Running = { started: performance.now(), spans: [] }
  const time = new Date().toISOString()
  const result = await current.run(running, work)
  const ms = performance.now() - running.started
  requestChannel.publish({ ...finish(result), time, ms, spans: running.spans })
  return result
}

/** Tells the request around it, if there is one, of something that took from `started` until now. */
export function addSpan(name: string, started: number, outcome: string): void {
  const running = current.getStore()
  if (running === undefined || running.spans.length >= mostSpans) return
  running.spans.push({
    name,
    at: started - running.started,
    ms: performance.now() - started,
    outcome,
  })
}
