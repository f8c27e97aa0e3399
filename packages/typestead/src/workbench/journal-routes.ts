/**
 * `/_typestead/journal`: queues, processes, leases and schedules; `/outbox`, `/jobs`, `/jobs/<id>/steps`, `/dead`, in pages by
 * `?queue=&after=&limit=`; `POST /dead/<id>/replay` puts a dead letter back, `DELETE /dead/<id>` throws it away.
 */
import type { Journal, PageOptions } from '@typestead/journal'
import type { Hono } from 'hono'
import { HttpError } from '../server/error-response.ts'

export const journalPath = '/_typestead/journal'

/** @param find the app's journal; undefined where it has none */
export function addJournal(router: Hono, find: () => Journal | undefined): void {
  const need = () => {
    const found = find()
    if (found !== undefined) return found.inspect
    throw new HttpError(404, 'NOT_FOUND', 'the app has no journal; give its config bots')
  }
  router.get(journalPath, async () => {
    const journal = find()
    if (journal === undefined) return json({ journal: false, queues: [], processes: [] })
    const { inspect } = journal
    const [queues, processes, leases, schedules] = await Promise.all([
      inspect.queues(),
      inspect.processes(),
      inspect.leases(),
      inspect.schedules(),
    ])
    return json({ journal: true, queues, processes, leases, schedules })
  })
  router.get(`${journalPath}/outbox`, ({ req }) =>
    answered(async () => ({ rows: await need().outbox(pageOf(req.url)) })),
  )
  router.get(`${journalPath}/jobs`, ({ req }) =>
    answered(async () => ({ rows: await need().jobs(pageOf(req.url)) })),
  )
  router.get(`${journalPath}/jobs/:id/steps`, ({ req }) =>
    answered(async () => ({ rows: await need().steps(req.param('id')) })),
  )
  router.get(`${journalPath}/dead`, ({ req }) =>
    answered(async () => ({ rows: await need().deadLetters(pageOf(req.url)) })),
  )
  router.post(`${journalPath}/dead/:id/replay`, ({ req }) =>
    answered(async () => {
      await need().replay(req.param('id'))
      return { id: req.param('id'), state: 'due' }
    }),
  )
  router.delete(`${journalPath}/dead/:id`, ({ req }) =>
    answered(async () => {
      await need().discard(req.param('id'))
      return { id: req.param('id'), state: 'discarded' }
    }),
  )
}

/** @throws {HttpError} 400 */
function pageOf(url: string): PageOptions {
  const { searchParams } = new URL(url)
  const queue = searchParams.get('queue')
  return {
    ...(queue ? { queue } : {}),
    ...whole(searchParams, 'after'),
    ...whole(searchParams, 'limit'),
  }
}

function whole(parameters: URLSearchParams, name: 'after' | 'limit'): Record<string, number> {
  const value = parameters.get(name)
  if (value === null) return {}
  if (/^\d{1,15}$/.test(value)) return { [name]: Number(value) }
  throw new HttpError(400, 'BAD_INPUT', `${name}: must be a whole number`)
}

async function answered(work: () => Promise<object>): Promise<Response> {
  try {
    return json(await work())
  } catch (error) {
    const known = statuses[codeOf(error)]
    if (known === undefined || !(error instanceof Error)) throw error
    throw new HttpError(known[0], known[1], error.message, {}, { cause: error })
  }
}

/** Errors of `@typestead/journal`, told by code: the app has a copy of its own. */
const statuses: Readonly<Record<string, readonly [number, string]>> = {
  BAD_INPUT: [400, 'BAD_INPUT'],
  NOT_FOUND: [404, 'NOT_FOUND'],
  UNAVAILABLE: [503, 'UNAVAILABLE'],
  BUSY: [503, 'UNAVAILABLE'],
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function json(value: unknown): Response {
  return Response.json(value, { headers: { 'cache-control': 'no-store' } })
}
