/**
 * Measures an open store's queries and its pool. The backend stays the object that it is, with its methods timed, since
 * other packages compile their own queries for its kind.
 */

import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Backend } from '@typestead/store'
import type { Metrics } from './metrics.ts'
import { addSpan } from './request-trace.ts'

type Session = Pick<
  Backend,
  'select' | 'selectRelated' | 'count' | 'insert' | 'update' | 'delete' | 'upsert' | 'transaction'
>

const operations = [
  'select',
  'selectRelated',
  'count',
  'insert',
  'update',
  'delete',
  'upsert',
] as const

export function observeStore(backend: Backend, metrics: Metrics): void {
  timeSession(backend, metrics)
  const { scoped } = backend
  if (scoped !== undefined) {
    backend.scoped = (current) => {
      const session = scoped.call(backend, current)
      if (session !== backend) timeSession(session, metrics)
      return session
    }
  }
  const pool = poolOf(backend)
  if (pool === undefined) return
  metrics.gauge('typestead_store_connections', 'Connections of the store’s pool.', 'state', () => ({
    open: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  }))
}

function timeSession(session: Session, metrics: Metrics): void {
  for (const name of operations) {
    const original = (session[name] as (...args: unknown[]) => Promise<unknown>).bind(session)
    const timed = (...args: unknown[]) =>
      time(name, entityOf(args[0]), metrics, () => original(...args))
    Object.defineProperty(session, name, { value: timed, configurable: true, writable: true })
  }
  // Statements that other packages compiled themselves, such as whole answers of the API.
  if ('run' in session && typeof session.run === 'function') {
    const original = session.run.bind(session) as (...args: unknown[]) => Promise<unknown>
    const timed = (...args: unknown[]) => time('statement', '', metrics, () => original(...args))
    Object.defineProperty(session, 'run', { value: timed, configurable: true, writable: true })
  }
  const transaction = session.transaction.bind(session)
  session.transaction = (work, options) =>
    transaction((inner) => {
      timeSession(inner, metrics)
      return work(inner)
    }, options)
}

async function time(
  operation: string,
  entity: string,
  metrics: Metrics,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const started = performance.now()
  let outcome = 'ok'
  const name = `${operation} ${entity}`.trim()
  const span = trace.getTracer('typestead').startSpan(name, { kind: SpanKind.CLIENT })
  try {
    return await run()
  } catch (error) {
    outcome = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL'
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
    addSpan(name, started, outcome)
    metrics.query({ operation, entity, outcome }, performance.now() - started)
  }
}

/** A query's entity: its `meta`, or the argument itself. */
function entityOf(query: unknown): string {
  const meta = typeof query === 'object' && query !== null && 'meta' in query ? query.meta : query
  return typeof meta === 'object' && meta !== null && 'name' in meta ? String(meta.name) : ''
}

interface Pool {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

/** PostgreSQL's backend has a pool of node-postgres. */
function poolOf(backend: Backend): Pool | undefined {
  const connections = 'connections' in backend ? backend.connections : undefined
  if (typeof connections !== 'object' || connections === null || !('pool' in connections))
    return undefined
  return connections.pool as Pool
}
