/** `graphql(db, { … })`: the entities of a store as a GraphQL API, over HTTP and in process. */
import type { Database } from '@typestead/store'
import { type FormattedExecutionResult, type GraphQLSchema, printSchema } from 'graphql'
import { answer, type Caller, type Engine, type GraphQLRequest, stream } from './answer.ts'
import { ApiError } from './api-error.ts'
import { EventFilter } from './changes/event-filter.ts'
import { ChangeHub } from './changes/hub.ts'
import { type Upgrade, webSockets } from './changes/web-socket.ts'
import type { Context, RequestContext } from './context.ts'
import { deferredResponse } from './deferred.ts'
import { Documents } from './documents.ts'
import type { ErrorReport } from './error-format.ts'
import { type GraphiqlOptions, graphiqlHandler } from './graphiql.ts'
import { type HttpOptions, handleHttp } from './http.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { PersistedOperations, type PersistedOptions } from './persisted.ts'
import { type PlanEntry, PlanLog } from './plan-log.ts'
import { type Declarations, planSchema } from './schema.ts'
import { textEngine } from './text/text-answer.ts'

export interface ApiOptions<C extends RequestContext = RequestContext> extends Declarations {
  /** What resolvers and rules know of a request. An `ApiError` thrown here refuses the request. */
  readonly context?: (
    request: Request,
    /** The payload of a WebSocket's `connection_init`. */
    payload?: Readonly<Record<string, unknown>>,
  ) => C | Promise<C>
  readonly limits?: Partial<Limits>
  /** Who may ask for the schema itself; default everyone. */
  readonly introspection?: boolean | ((context: Context<C>) => boolean)
  /** The page for people; by default served unless NODE_ENV is `production`. */
  readonly graphiql?: boolean | GraphiqlOptions
  /** Gets every error that callers see masked, and outages; default: one line on standard error. */
  readonly onError?: (report: ErrorReport) => void
  /** Operations that are sent by a name; by default none. */
  readonly persisted?: PersistedOptions
  /** Other origins whose pages may open a WebSocket, such as `https://shop.example.com`. */
  readonly origins?: readonly string[]
}

export interface ExecuteOptions<C extends RequestContext> {
  /** In place of what the option `context` would make of a request; default: nobody. */
  readonly context?: C
  /** `general`: by graphql-js and batches, also where one statement could answer; to compare the two. */
  readonly plan?: 'general'
}

export interface Api<C extends RequestContext = RequestContext> {
  readonly schema: GraphQLSchema
  /** The schema in GraphQL's own language. */
  readonly sdl: string
  /** GraphQL over HTTP. */
  readonly handler: (request: Request) => Promise<Response>
  /** The page of GraphiQL, wherever it is mounted; its endpoint is the path above. 404 where it is off. */
  readonly graphiql: (request: Request) => Promise<Response>
  /** The same answers without HTTP. */
  readonly execute: (
    request: GraphQLRequest,
    options?: ExecuteOptions<C>,
  ) => Promise<FormattedExecutionResult>
  /** The same as JSON text, as it would be sent: nothing is parsed that was written by the database. */
  readonly executeText: (request: GraphQLRequest, options?: ExecuteOptions<C>) => Promise<string>
  /** Operations over WebSocket (graphql-transport-ws): `server.on('upgrade', api.upgrade)`. */
  readonly upgrade: Upgrade
  /** Ends all subscriptions and WebSockets; other requests go on. For a server that is about to stop. */
  readonly endSubscriptions: () => void
  /** How many subscriptions and live queries are open now. */
  readonly subscriptions: () => number
  /** How the latest operations were answered, the newest last. */
  readonly plans: () => readonly PlanEntry[]
}

/** @throws {DeclarationError} that lists everything that is wrong with the declarations */
export function graphql<C extends RequestContext = RequestContext>(
  db: Database,
  options: ApiOptions<C>,
): Api<C> {
  const limits = { ...defaultLimits, ...options.limits }
  const { schema, views, filters } = planSchema(options)
  const report = options.onError ?? printReport
  const engine: Engine = {
    schema,
    limits,
    report,
    documents: new Documents(schema, limits),
    text: textEngine({ schema, views, filters, mostRows: limits.first }),
    plans: new PlanLog(),
    persisted: new PersistedOperations(options.persisted),
    changes: { hub: new ChangeHub(db, db.metas), filter: new EventFilter(db) },
  }
  const callerOf = (made: C, readOnly: boolean, general = false): Caller => {
    const context: Context<C> = { ...made, db: db.as(made.current ?? {}) }
    const { introspection = true } = options
    return {
      context,
      readOnly,
      general,
      introspection: typeof introspection === 'function' ? introspection(context) : introspection,
    }
  }
  // Without `context`, C is inferred as RequestContext, which an empty object is.
  const nobody = {} as C
  const callerFor = (request: Request, readOnly: boolean): Caller | Promise<Caller> => {
    const made = options.context?.(request) ?? nobody
    // Most contexts are there at once; then nothing waits.
    return isPromise(made) ? made.then((one) => callerOf(one, readOnly)) : callerOf(made, readOnly)
  }
  const http: HttpOptions = {
    bodyBytes: limits.bodyBytes,
    bodyMilliseconds: limits.bodyMilliseconds,
    bufferBytes: limits.bufferBytes,
    batch: limits.batch,
    report,
    ...(options.defer
      ? {
          parts: (asked, request) =>
            deferredResponse(
              engine,
              asked,
              async () => callerFor(request, true),
              request.headers.get('accept'),
            ),
        }
      : {}),
    async stream(asked, request, readOnly, sink) {
      const after = request.headers.get('last-event-id') ?? undefined
      return stream(engine, asked, await callerFor(request, readOnly), sink, after)
    },
    async answer(asked, request, readOnly) {
      const caller = callerFor(request, readOnly)
      return answer(engine, asked, isPromise(caller) ? await caller : caller)
    },
  }
  const sockets = webSockets({
    messageBytes: limits.bodyBytes,
    bufferBytes: limits.bufferBytes,
    operations: limits.operations,
    initMilliseconds: 3000,
    origins: options.origins ?? [],
    async connect(request, payload) {
      const made = (await options.context?.(request, payload)) ?? nobody
      const caller = callerOf(made, false)
      return (asked, sink) => stream(engine, asked, caller, sink)
    },
  })
  return {
    schema,
    plans: () => engine.plans.entries(),
    subscriptions: () => engine.changes.hub.size,
    sdl: printSchema(schema),
    upgrade: sockets.upgrade,
    endSubscriptions() {
      engine.changes.hub.end(new ApiError('UNAVAILABLE', 'the server stops; connect again'))
      sockets.end()
    },
    handler: (request) => handleHttp(request, http),
    graphiql: graphiqlHandler(options.graphiql),
    async execute(request, { context = nobody, plan } = {}) {
      const answered = await answer(engine, request, callerOf(context, false, plan === 'general'))
      return 'text' in answered
        ? (JSON.parse(answered.text) as FormattedExecutionResult)
        : answered.body
    },
    async executeText(request, { context = nobody, plan } = {}) {
      const answered = await answer(engine, request, callerOf(context, false, plan === 'general'))
      return 'text' in answered ? answered.text : JSON.stringify(answered.body)
    },
  }
}

function isPromise<T extends object>(value: T | Promise<T>): value is Promise<T> {
  return 'then' in value && typeof value.then === 'function'
}

function printReport({ id, code, error, path }: ErrorReport): void {
  const at = path === undefined ? '' : ` at ${path.join('.')}`
  console.error(`graphql: ${code}${at} (${id})`, error)
}
