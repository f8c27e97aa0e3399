/**
 * The workbench's origin, for development: what the app is made of and how it is. With `TYPESTEAD_WORKBENCH_TOKEN` it
 * takes the token as a Bearer token, or as the password of HTTP Basic authentication, which browsers ask for.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Journal } from '@typestead/journal'
import type { Database } from '@typestead/store'
import type { Hono } from 'hono'
import type { Api } from '../config/define-config.ts'
import type { LoadedApp } from '../config/load-config.ts'
import type { NluService } from '../nlu/nlu-service.ts'
import type { Plan } from '../plan/build-plan.ts'
import { limitBody } from '../server/body-limit.ts'
import type { Endpoints } from '../server/endpoints.ts'
import { HttpError } from '../server/error-response.ts'
import type { Health } from '../server/health.ts'
import { checkOrigin, isAllowedHost } from '../server/host-check.ts'
import type { Exchange } from '../server/listen.ts'
import type { Log, Logger } from '../server/log.ts'
import type { Metrics } from '../server/metrics.ts'
import { observe, pathOf } from '../server/observe.ts'
import { Activity } from './activity.ts'
import { graphqlPath } from './api-frame.ts'
import { botsPath, type ShownBots } from './bot-routes.ts'
import { ChannelWatch } from './channel-watch.ts'
import { conversationsPath } from './conversation-routes.ts'
import { EventHub } from './event-hub.ts'
import { EventStreams } from './event-stream.ts'
import { journalPath } from './journal-routes.ts'
import { LivePlan } from './live-plan.ts'
import { RowWatch } from './row-watch.ts'
import { RowsApi } from './rows-api.ts'
import { Understanding } from './understanding.ts'
import { understandingPath } from './understanding-routes.ts'
import { workbenchParts } from './workbench-parts.ts'
import { workbenchRoutes } from './workbench-routes.ts'

export interface WorkbenchOptions {
  readonly app: LoadedApp
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly token: string | undefined
  readonly log: Logger
  /** Gives the log's entries. */
  readonly listen: Log['listen']
  readonly metrics: Metrics
  readonly health: Health
  readonly production: boolean
  readonly endpoints: () => Endpoints
  /** The console's files; without it a plain page stands at `/`. */
  readonly console?: (request: Request, path: string) => Promise<Response | undefined>
}

/** What the workbench shows once the store is open. */
export interface Insight {
  readonly db: Database
  readonly api: Api | undefined
  readonly plan: () => Promise<Plan>
  readonly nlu?: NluService | undefined
  readonly journal?: Journal | undefined
  readonly bots?: ShownBots | undefined
}

/** What routes answer from once the store is open. */
export interface Shown extends Insight {
  readonly rows: RowsApi
  readonly livePlan: LivePlan
  readonly rowWatch: RowWatch
  readonly understanding?: Understanding
}

const bodyBytes = 1_048_576

export class Workbench implements Disposable {
  readonly #options: WorkbenchOptions
  readonly #router: Hono
  readonly #hub = new EventHub()
  readonly #activity: Activity
  readonly #streams = new EventStreams(this.#hub)
  readonly #channels: ChannelWatch
  #shown: Shown | undefined
  #endWatching: (() => void) | undefined

  constructor(options: WorkbenchOptions) {
    this.#options = options
    const { metrics, health, app, listen, log, production } = options
    const hub = this.#hub
    const plans = () => this.#shown?.api?.plans?.()
    this.#activity = new Activity({ hub, metrics, health, log, plans })
    this.#channels = new ChannelWatch({ folder: app.folder, hub, log, always: !production })
    listen(this.#activity.logged)
    hub.onReaders(() => {
      if (hub.isFollowed('plan')) this.#shown?.livePlan.begin()
    })
    this.#router = workbenchRoutes({
      ...options,
      hub,
      activity: this.#activity,
      streams: this.#streams,
      channels: this.#channels,
      shown: () => this.#need(),
    })
  }

  show(insight: Insight): void {
    const { app, production, log } = this.#options
    const hub = this.#hub
    const livePlan = new LivePlan({
      folder: app.folder,
      plan: insight.plan,
      onState: (state) => hub.publish('plan', state),
      watches: !production,
    })
    const { nlu } = insight
    this.#shown = {
      ...insight,
      rows: new RowsApi(insight.db, app.config),
      livePlan,
      rowWatch: new RowWatch({ db: insight.db, metas: app.config.model.metas, hub, log }),
      ...(nlu ? { understanding: new Understanding({ nlu, hub, log }) } : {}),
    }
    if (hub.isFollowed('plan')) livePlan.begin()
    this.#endWatching = insight.bots?.service.watch((happening) => hub.publish('bots', happening))
  }

  handle(request: Request, exchange: Exchange): Promise<Response> {
    const { log, metrics } = this.#options
    const observation = { server: 'workbench' as const, log, metrics, routeOf }
    return observe(observation, request, exchange, async () => {
      const path = pathOf(request.url)
      if (path !== '/healthz' && path !== '/readyz') this.#check(request)
      return this.#router.fetch(limitBody(request, bodyBytes))
    })
  }

  /** Ends what streams and what watches; answers that are under way go on. */
  [Symbol.dispose](): void {
    this.#streams.end()
    this.#endWatching?.()
    this.#channels[Symbol.dispose]()
    this.#shown?.livePlan[Symbol.dispose]()
    this.#shown?.rowWatch[Symbol.dispose]()
    this.#activity[Symbol.dispose]()
  }

  #check(request: Request): void {
    const { host, allowedHosts, token } = this.#options
    const named = request.headers.get('host')
    if (!isAllowedHost(named, host, allowedHosts)) {
      throw new HttpError(
        403,
        'FOREIGN_HOST',
        'the workbench does not answer to that Host; TYPESTEAD_ALLOWED_HOSTS names those it answers to',
      )
    }
    checkOrigin(request, named, false)
    if (token !== undefined && !hasToken(request, token)) {
      throw new HttpError(401, 'UNAUTHENTICATED', 'the workbench needs its token', {
        'www-authenticate': 'Basic realm="workbench", charset="UTF-8"',
      })
    }
  }

  #need(): Shown {
    if (this.#shown !== undefined) return this.#shown
    throw new HttpError(503, 'STARTING', 'the store is not open yet; try again soon', {
      'retry-after': '1',
    })
  }
}

function hasToken(request: Request, token: string): boolean {
  const [scheme = '', given = ''] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme.toLowerCase() === 'bearer') return same(given, token)
  if (scheme.toLowerCase() !== 'basic') return false
  const pair = Buffer.from(given, 'base64').toString()
  return same(pair.slice(pair.indexOf(':') + 1), token)
}

/** Hashes have one length, so the time tells nothing of the token. */
function same(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

/** Few names, whatever is asked for: they are labels of metrics. */
function routeOf(path: string): string {
  if (path === '/_typestead/') return '/_typestead'
  if (path.startsWith(`${graphqlPath}/`)) return graphqlPath
  if (path.startsWith('/_typestead/rows/')) return '/_typestead/rows'
  if (path.startsWith(`${understandingPath}/`)) return understandingPath
  for (const one of [journalPath, botsPath, conversationsPath]) {
    if (path.startsWith(`${one}/`)) return one
  }
  const known = workbenchParts.some(([one]) => one === path)
  return known || ['/', '/healthz', '/readyz', '/metrics', '/_typestead'].includes(path)
    ? path
    : '/*'
}
