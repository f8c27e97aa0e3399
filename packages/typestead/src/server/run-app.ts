/**
 * One run of an app: listens, opens and prepares the store, serves, and stops in the reverse order.
 * `/healthz` answers from the start, `/readyz` once everything serves. A database that does not answer is waited for.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@typestead/store'
import { openConversations } from '../bots/open-conversations.ts'
import { makeDataFolder } from '../config/data-folder.ts'
import type { App, SignedIn } from '../config/define-config.ts'
import type { Environment } from '../config/environment.ts'
import { loadBot } from '../config/installed.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { secretNames } from '../config/secret-names.ts'
import { openSecrets, type Secrets } from '../config/secrets.ts'
import { openStore, sourceOf } from '../config/source.ts'
import { prepareStore } from '../data/prepare.ts'
import { seedIfEmpty } from '../data/seed.ts'
import { seedContext } from '../data/seed-context.ts'
import { storeName } from '../data/with-store.ts'
import { consolePages } from '../pages/console-pages.ts'
import { Workbench } from '../workbench/workbench.ts'
import { announce } from './announce.ts'
import { openParts, type Parts } from './app-parts.ts'
import { AppServer } from './app-server.ts'
import { type Endpoints, removeEndpoints, writeEndpoints } from './endpoints.ts'
import { Health } from './health.ts'
import { type Listening, listen } from './listen.ts'
import { createLog, type Log, type Logger } from './log.ts'
import { Metrics } from './metrics.ts'
import { observeStore } from './observe-store.ts'
import { recordApi } from './recorded-api.ts'
import { servicesOf } from './services.ts'
import { stopSignal } from './stop-signal.ts'

export interface RunOptions {
  readonly app: LoadedApp
  readonly environment: Environment
  readonly production: boolean
  readonly mode: 'start' | 'dev'
  readonly workbench: boolean
}

/** Running requests have this long to end. */
const graceMilliseconds = 10_000

/** The exit code, once it has stopped. */
export async function runApp(options: RunOptions): Promise<number> {
  const { app, environment, production } = options
  makeDataFolder(app.data)
  const pretty = !production && process.stdout.isTTY === true
  const { log, flush, listen: listenToLog } = createLog({ level: environment.logLevel, pretty })
  using stop = stopSignal()
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(flush)
  // The `dev` that started this run is gone: nobody would end it.
  process.once('disconnect', stop.stop)
  const secrets = openSecrets(app.data, secretNames(app.config))
  const run: Run = {
    ...options,
    log,
    listenToLog,
    secrets,
    stop: stop.signal,
    cleanup,
    health: new Health(),
    metrics: new Metrics(),
  }
  cleanup.defer(() => log.info({}, 'stopped'))
  try {
    const servers = await openServers(run)
    const parts = openParts(run)
    // What goes wrong there is heard of below, once the store is open.
    parts.catch(() => {})
    const db = await openPreparedStore(run)
    cleanup.use(db)
    // The store was opened after the servers, but what still runs needs it until it ends.
    cleanup.defer(servers.stop)
    await serve(run, servers, db, await parts)
    return await stop.stopped
  } catch (error) {
    // What failed because it was told to stop has not failed.
    if (stop.signal.aborted) return await stop.stopped
    throw error
  } finally {
    run.health.enter('stopping')
  }
}

interface Run extends RunOptions {
  readonly log: Logger
  readonly listenToLog: Log['listen']
  readonly secrets: Secrets
  readonly stop: AbortSignal
  /** What is to be closed, last opened first. */
  readonly cleanup: AsyncDisposableStack
  readonly health: Health
  readonly metrics: Metrics
}

interface Servers {
  readonly application: AppServer
  readonly workbench: Workbench | undefined
  readonly endpoints: Endpoints
  /** Ends when the running requests have. */
  readonly stop: () => Promise<void>
}

async function openServers(run: Run): Promise<Servers> {
  const { app, environment, production, log, metrics, health, cleanup } = run
  const { host, allowedHosts } = environment
  const shared = { host, allowedHosts, log, metrics, health }
  const application = new AppServer({
    ...shared,
    name: app.name,
    production,
    bodyBytes: app.config.bodyBytes ?? 1_048_576,
  })
  let endpoints: Endpoints | undefined
  const console = consolePages(app.data)
  const workbench = run.workbench
    ? new Workbench({
        ...shared,
        app,
        production,
        listen: run.listenToLog,
        token: environment.workbenchToken,
        endpoints: () => endpoints ?? noEndpoints,
        ...(console ? { console } : {}),
      })
    : undefined
  const listening: Listening[] = []
  let stopping: Promise<unknown> | undefined
  const stop = async () => {
    stopping ??= Promise.all(listening.map((one) => one.stop(graceMilliseconds)))
    await stopping
  }
  cleanup.defer(stop)
  // Answers that stream must end before the servers can.
  if (workbench) cleanup.use(workbench)
  const main = await listen({
    host,
    port: environment.port,
    variable: 'PORT',
    handle: (request, exchange) => application.handle(request, exchange),
    upgrade: (incoming, socket, head) => void application.upgrade(incoming, socket, head),
    // Amazon's clients of Lex speak HTTP/2 with prior knowledge.
    http2: app.config.bots && (await loadBot(app.folder)).acceptHttp2,
  })
  listening.push(main)
  const bench =
    workbench &&
    (await listen({
      host,
      port: environment.workbenchPort,
      variable: 'TYPESTEAD_WORKBENCH_PORT',
      handle: (request, exchange) => workbench.handle(request, exchange),
    }))
  if (bench) listening.push(bench)
  endpoints = {
    version: 1,
    pid: process.pid,
    application: main.url,
    ...(bench ? { workbench: bench.url } : {}),
  }
  writeEndpoints(app.data, endpoints)
  cleanup.defer(() => removeEndpoints(app.data))
  return { application, workbench, endpoints, stop }
}

const noEndpoints: Endpoints = { version: 1, pid: process.pid, application: '' }

/** The store, migrated and seeded as far as this kind of start does that; a server that does not answer is waited for. */
async function openPreparedStore(run: Run): Promise<Database> {
  const { health, log, stop } = run
  for (let delay = 250; ; delay = Math.min(delay * 2, 5_000)) {
    try {
      return await openOnce(run)
    } catch (error) {
      if (stop.aborted || !isUnavailable(error)) throw error
      health.doing('the database does not answer')
      log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'the database does not answer; trying again',
      )
      await sleep(delay, undefined, { signal: stop })
    }
  }
}

async function openOnce(run: Run): Promise<Database> {
  const { app, environment, health, log, stop, secrets, mode, metrics } = run
  health.doing('the store is being opened')
  const source = await sourceOf(app, environment.databaseUrl, {
    signal: stop,
    log: (line) => log.debug({}, line),
  })
  const db = await openStore(app, source)
  try {
    observeStore(db.backend, metrics)
    health.doing('the store is being migrated')
    await prepareStore(db, { mode, signal: stop, onPlan: (plan) => showPlan(run, db, plan) })
    health.doing('the store is being seeded')
    const { context, end } = seedContext({ secrets, signal: stop, log })
    try {
      const store = storeName(app, environment.databaseUrl)
      await seedIfEmpty({ db, config: app.config, data: app.data, store, context })
    } finally {
      end()
    }
    return db
  } catch (error) {
    await db[Symbol.asyncDispose]()
    throw error
  }
}

/** In development a change is shown before it is applied. */
async function showPlan(
  run: Run,
  db: Database,
  migration: import('@typestead/store').MigrationPlan,
): Promise<void> {
  if (run.mode !== 'dev') return
  const [{ planOf }, { planText }] = await Promise.all([
    import('../plan/plan-of.ts'),
    import('../plan/print-plan.ts'),
  ])
  process.stdout.write(`${planText(await planOf({ app: run.app, db, migration }))}\n`)
}

async function serve(
  run: Run,
  { application, workbench, endpoints }: Servers,
  db: Database,
  parts: Parts,
): Promise<void> {
  const { app, production, log, secrets, stop, health, cleanup } = run
  health.doing('the app is being made ready')
  const ended = new AbortController()
  const context: App = {
    db,
    log,
    secrets,
    production,
    data: app.data,
    signal: ended.signal,
    current: (request): SignedIn => application.current(request),
  }
  await parts.nlu?.keepVocabularies(db)
  const { journal, bots } = await openConversations({ run, context, nlu: parts.nlu, application })
  const services = await servicesOf(app, context, { ...parts, bots })
  // Answers that stream must end before the servers can.
  cleanup.defer(() => {
    ended.abort()
    services.api?.endSubscriptions?.()
    workbench?.[Symbol.dispose]()
  })
  stop.throwIfAborted()
  if (services.api) await recordApi(app, services.api.sdl, log)
  workbench?.show({
    db,
    api: services.api,
    nlu: parts.nlu,
    journal,
    bots,
    plan: async () => {
      const { planOf } = await import('../plan/plan-of.ts')
      return planOf({ app, db, migration: await db.migrations.plan(), sdl: services.api?.sdl })
    },
  })
  application.serve(services)
  health.add('store', (signal) => db.ping(signal))
  health.enter('ready')
  announce(run, endpoints)
  if (services.signIn) keepSessionsClean(services.signIn.sessions, log, ended.signal)
}

/** Every hour, and never in the way of the end. */
function keepSessionsClean(
  sessions: { removeExpired(): Promise<number> },
  log: Logger,
  ended: AbortSignal,
): void {
  const clean = () => {
    sessions.removeExpired().catch((error: unknown) => {
      if (!ended.aborted)
        log.warn({ error }, 'expired sessions could not be removed; trying again in an hour')
    })
  }
  clean()
  const timer = setInterval(clean, 3_600_000)
  timer.unref()
  ended.addEventListener('abort', () => clearInterval(timer), { once: true })
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UNAVAILABLE'
}
