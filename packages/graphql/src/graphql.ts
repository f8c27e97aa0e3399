/** `graphql(db, { … })`: the entities of a store as a GraphQL API, over HTTP and in process. */
import type { Database } from '@typestead/store'
import { type FormattedExecutionResult, type GraphQLSchema, printSchema } from 'graphql'
import { answer, type Caller, type Engine, type GraphQLRequest } from './answer.ts'
import type { Context, RequestContext } from './context.ts'
import { Documents } from './documents.ts'
import type { ErrorReport } from './error-format.ts'
import { type GraphiqlOptions, graphiqlHandler } from './graphiql.ts'
import { handleHttp } from './http.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type PlanEntry, PlanLog } from './plan-log.ts'
import { type Declarations, planSchema } from './schema.ts'
import { textEngine } from './text/text-answer.ts'

export interface ApiOptions<C extends RequestContext = RequestContext> extends Declarations {
  /** What resolvers and rules know of a request. An `ApiError` thrown here refuses the request. */
  readonly context?: (request: Request) => C | Promise<C>
  readonly limits?: Partial<Limits>
  /** Who may ask for the schema itself; default everyone. */
  readonly introspection?: boolean | ((context: Context<C>) => boolean)
  /** The page for people; by default served unless NODE_ENV is `production`. */
  readonly graphiql?: boolean | GraphiqlOptions
  /** Gets every error that callers see masked, and outages; default: one line on standard error. */
  readonly onError?: (report: ErrorReport) => void
}

export interface ExecuteOptions<C extends RequestContext> {
  /** In place of what the option `context` would make of a request; default: nobody. */
  readonly context?: C
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
  }
  const callerOf = (made: C, readOnly: boolean): Caller => {
    const context: Context<C> = { ...made, db: db.as(made.current ?? {}) }
    const { introspection = true } = options
    return {
      context,
      readOnly,
      introspection: typeof introspection === 'function' ? introspection(context) : introspection,
    }
  }
  // Without `context`, C is inferred as RequestContext, which an empty object is.
  const nobody = {} as C
  return {
    schema,
    plans: () => engine.plans.entries(),
    sdl: printSchema(schema),
    handler: (request) =>
      handleHttp(request, {
        bodyBytes: limits.bodyBytes,
        report,
        answer: async (asked, http, readOnly) => {
          const made = (await options.context?.(http)) ?? nobody
          return answer(engine, asked, callerOf(made, readOnly))
        },
      }),
    graphiql: graphiqlHandler(options.graphiql),
    async execute(request, { context = nobody } = {}) {
      const answered = await answer(engine, request, callerOf(context, false))
      return 'text' in answered
        ? (JSON.parse(answered.text) as FormattedExecutionResult)
        : answered.body
    },
    async executeText(request, { context = nobody } = {}) {
      const answered = await answer(engine, request, callerOf(context, false))
      return 'text' in answered ? answered.text : JSON.stringify(answered.body)
    },
  }
}

function printReport({ id, code, error, path }: ErrorReport): void {
  const at = path === undefined ? '' : ` at ${path.join('.')}`
  console.error(`graphql: ${code}${at} (${id})`, error)
}
