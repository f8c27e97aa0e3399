/** What the workbench answers at each path, once host, origin and token were checked. */
import { describe, ValidationError } from '@typestead/entity'
import { Hono } from 'hono'
import { HttpError } from '../server/error-response.ts'
import { livenessResponse, readinessResponse } from '../server/health.ts'
import type { Activity } from './activity.ts'
import { apiResponse, graphqlPath } from './api-frame.ts'
import { addBots } from './bot-routes.ts'
import type { ChannelWatch } from './channel-watch.ts'
import { addConversations } from './conversation-routes.ts'
import type { EventHub, Topic } from './event-hub.ts'
import type { EventStreams } from './event-stream.ts'
import { addJournal } from './journal-routes.ts'
import { rowErrorResponse } from './row-errors.ts'
import { addUnderstanding } from './understanding-routes.ts'
import type { Shown, WorkbenchOptions } from './workbench.ts'
import { workbenchPage } from './workbench-page.ts'
import { workbenchParts } from './workbench-parts.ts'

export interface WorkbenchRoutes extends WorkbenchOptions {
  readonly hub: EventHub
  readonly activity: Activity
  readonly streams: EventStreams
  readonly channels: ChannelWatch
  /** @throws {HttpError} 503 until the store is open */
  readonly shown: () => Shown
}

export function workbenchRoutes(routes: WorkbenchRoutes): Hono {
  const router = new Hono()
  router.onError((error) => {
    throw error
  })
  router.notFound(async ({ req }) => {
    const page = await routes.console?.(req.raw, req.path)
    if (page !== undefined) return page
    throw new HttpError(404, 'NOT_FOUND', `there is nothing at ${req.path}`)
  })
  addProbes(router, routes)
  addModel(router, routes)
  addRows(router, routes)
  addApi(router, routes)
  addActivity(router, routes)
  addUnderstanding(router, () => routes.shown().understanding)
  addJournal(router, () => routes.shown().journal)
  const needBots = () => {
    const { bots } = routes.shown()
    if (bots !== undefined) return bots
    throw new HttpError(404, 'NOT_FOUND', 'the app has no bots; give its config bots')
  }
  addBots(router, () => routes.shown().bots, needBots)
  addConversations(
    router,
    () => needBots().service,
    (transcript) => needBots().transcriptFile(transcript),
  )
  return router
}

function addProbes(router: Hono, { health, metrics, console, ...routes }: WorkbenchRoutes): void {
  router.get('/healthz', () => livenessResponse())
  router.get('/readyz', () => readinessResponse(health))
  router.get('/metrics', () => metrics.response())
  router.get('/', async ({ req }) => {
    const page = await console?.(req.raw, '/')
    if (page !== undefined) return page
    return workbenchPage({
      name: routes.app.name,
      application: routes.endpoints().application,
      readiness: await health.read(),
      model: describe(routes.app.config.model),
    })
  })
  for (const list of ['/_typestead', '/_typestead/']) {
    router.get(list, () => json({ parts: workbenchParts }))
  }
}

function addModel(router: Hono, { app, endpoints, shown, production }: WorkbenchRoutes): void {
  router.get('/_typestead/app', () =>
    json({
      name: app.name,
      application: endpoints().application,
      production,
      entities: app.config.model.metas.map(({ name }) => name),
      api: app.config.api !== undefined,
    }),
  )
  router.get('/_typestead/model', () => json(describe(app.config.model)))
  router.get('/_typestead/endpoints', () => json(endpoints()))
  router.get('/_typestead/migrations', async () => json(await shown().db.migrations.history()))
  router.get('/_typestead/plan', async () => json(await shown().plan()))
  router.get('/_typestead/live-plan', async () => json(await shown().livePlan.settled()))
}

/** Errors of the store name the fields that are wrong. */
function addRows(router: Hono, { shown, app }: WorkbenchRoutes): void {
  const path = '/_typestead/rows'
  router.get(path, async () => {
    const { db } = shown()
    const { metas } = app.config.model
    const counts = await Promise.all(metas.map(({ entity }) => db.count(entity)))
    return json(metas.map(({ name }, at) => ({ entity: name, rows: counts[at] })))
  })
  router.get(`${path}/:entity`, ({ req }) =>
    answered(() => shown().rows.list(req.param('entity'), new URL(req.url).searchParams)),
  )
  router.post(`${path}/:entity`, ({ req }) =>
    answered(() => shown().rows.create(req.param('entity'), req.raw), 201),
  )
  router.get(`${path}/:entity/:key`, ({ req }) =>
    answered(() => shown().rows.get(req.param('entity'), req.param('key'))),
  )
  router.patch(`${path}/:entity/:key`, ({ req }) =>
    answered(() => shown().rows.update(req.param('entity'), req.param('key'), req.raw)),
  )
  router.delete(`${path}/:entity/:key`, ({ req }) =>
    answered(() => shown().rows.delete(req.param('entity'), req.param('key'))),
  )
}

async function answered(work: () => Promise<object>, status = 200): Promise<Response> {
  try {
    return json(await work(), status)
  } catch (error) {
    const refused = rowErrorResponse(error)
    if (refused === undefined) throw error
    return refused
  }
}

function addApi(router: Hono, { shown }: WorkbenchRoutes): void {
  router.get('/_typestead/plans', () => json(shown().api?.plans?.() ?? []))
  router.get('/_typestead/schema', () => {
    const { api } = shown()
    if (api === undefined) throw new HttpError(404, 'NOT_FOUND', 'the app has no API')
    return new Response(api.sdl, {
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    })
  })
  for (const path of [graphqlPath, `${graphqlPath}/*`]) {
    router.all(path, ({ req }) => apiResponse(shown().api, req.raw, req.path))
  }
}

function addActivity(router: Hono, routes: WorkbenchRoutes): void {
  const { hub, activity, streams, channels } = routes
  router.get('/_typestead/health', async () => json(await activity.healthReport()))
  router.get('/_typestead/logs', ({ req }) => json(latest(hub, 'log', req.query('last'))))
  router.get('/_typestead/traces', ({ req }) => json(latest(hub, 'trace', req.query('last'))))
  router.get('/_typestead/metrics', ({ req }) => json(latest(hub, 'metrics', req.query('last'))))
  router.get('/_typestead/channels', async () => json(await channels.state()))
  router.get('/_typestead/events', ({ req }) => streams.response(req.raw))
}

/** The newest `last` of what is kept, oldest first. */
function latest(hub: EventHub, topic: Topic, last: string | undefined): readonly unknown[] {
  const events = hub.kept(topic).map(({ data }) => data)
  if (last === undefined) return events
  if (!/^[1-9]\d{0,3}$/.test(last)) {
    const issue = { path: ['last'], message: 'must be a whole number from 1 to 9999' }
    throw new HttpError(400, 'BAD_INPUT', new ValidationError([issue]).message)
  }
  return events.slice(-Number(last))
}

function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store' } })
}
