/**
 * One GraphQL request answered: prepared, judged by the limits, executed. What comes out is the answer's body with the
 * status that `application/graphql-response+json` wants for it.
 */
import { StoreError } from '@typestead/store'
import {
  execute,
  type FormattedExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { ApiError } from './api-error.ts'
import type { EventFilter } from './changes/event-filter.ts'
import type { ChangeHub } from './changes/hub.ts'
import { isLive, runLive } from './changes/live.ts'
import { type Sink, subscribe } from './changes/subscribe.ts'
import { checkVariables } from './check-variables.ts'
import type { Context } from './context.ts'
import { checkCost } from './document-cost.ts'
import type { Documents, PreparedDocument } from './documents.ts'
import { ErrorFormat, type ReportError } from './error-format.ts'
import type { Limits } from './limits.ts'
import { answerMutation } from './mutation-answer.ts'
import type { PersistedOperations } from './persisted.ts'
import type { PlanLog } from './plan-log.ts'
import { RelationBatches } from './relation-batches.ts'
import type { RequestState } from './request-state.ts'
import { rowsInData, rowsInText } from './row-count.ts'
import { type TextEngine, textAnswer } from './text/text-answer.ts'

/** A request as GraphQL over HTTP has it. */
export interface GraphQLRequest {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
  readonly extensions?: Readonly<Record<string, unknown>> | null
  /** The name of a persisted operation, in place of the query. */
  readonly documentId?: string
}

export type Answer = BodyAnswer | WrittenAnswer

export interface BodyAnswer {
  readonly body: FormattedExecutionResult
  /** Of HTTP, for `application/graphql-response+json`. */
  readonly status: number
}

/** An answer that is JSON text already. */
export interface WrittenAnswer {
  readonly text: string
  /** Of HTTP, for `application/graphql-response+json`. */
  readonly status: number
}

export interface Engine {
  readonly schema: GraphQLSchema
  readonly documents: Documents
  readonly limits: Limits
  readonly report: ReportError
  readonly text: TextEngine
  readonly plans: PlanLog
  readonly persisted: PersistedOperations
  readonly changes: { readonly hub: ChangeHub; readonly filter: EventFilter }
}

export interface Caller {
  readonly context: Context
  readonly introspection: boolean
  /** Mutations are refused, as they are over GET. */
  readonly readOnly: boolean
  /** Answers by graphql-js alone, also where one statement could. */
  readonly general?: boolean
}

export async function answer(
  engine: Engine,
  request: GraphQLRequest,
  caller: Caller,
): Promise<Answer> {
  const errors = new ErrorFormat(engine.report, request.operationName ?? undefined)
  try {
    const begun = begin(engine, request, caller, errors)
    if ('status' in begun) return begun
    const { prepared, operation, variables } = begun
    if (operation.operation === 'subscription') {
      const how = 'subscriptions are sent with accept: text/event-stream, or over WebSocket'
      return refused([errors.formatRequest(new ApiError('BAD_INPUT', how))])
    }
    return await run(engine, prepared, operation, variables, caller, errors)
  } catch (error) {
    return refusedFor(error, errors)
  }
}

interface Begun {
  readonly prepared: PreparedDocument
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/** A request judged by all that needs no store, or its refusal. */
export function begin(
  engine: Engine,
  asked: GraphQLRequest,
  caller: Caller,
  errors: ErrorFormat,
): Begun | BodyAnswer {
  const request = engine.persisted.resolve(asked)
  const prepared = engine.documents.prepare(request.query, caller.introspection)
  if (!('document' in prepared)) return refused(prepared.map((error) => errors.format(error)))
  const operation = chosen(prepared, request.operationName ?? undefined)
  if (operation.operation === 'mutation' && caller.readOnly) {
    const error = new ApiError('BAD_INPUT', 'mutations are sent with POST')
    return refused([errors.formatRequest(error)], 405)
  }
  const variables = request.variables ?? {}
  checkVariables(engine.schema, operation, variables)
  checkCost(engine.schema, prepared.document, operation, variables, engine.limits)
  return { prepared, operation, variables }
}

function refusedFor(error: unknown, errors: ErrorFormat): BodyAnswer {
  const formatted = errors.formatRequest(error)
  return refused([formatted], statusOf(String(formatted.extensions?.code)))
}

/**
 * The answers of one operation over time: of a query or mutation one, of a live query and a subscription any number.
 * What it gives ends them; a refusal comes before any answer.
 */
export async function stream(
  engine: Engine,
  request: GraphQLRequest,
  caller: Caller,
  sink: Sink,
  after?: string,
): Promise<(() => void) | BodyAnswer> {
  const errors = new ErrorFormat(engine.report, request.operationName ?? undefined)
  try {
    const begun = begin(engine, request, caller, errors)
    if ('status' in begun) return begun
    const { prepared, operation, variables } = begun
    if (operation.operation === 'subscription') {
      const { context } = caller
      return await subscribe(
        { engine, prepared, operation, variables, context, errors, after },
        sink,
      )
    }
    const ask = async () =>
      textOf(await run(engine, prepared, operation, variables, caller, errors))
    if (operation.operation === 'query' && isLive(operation)) {
      return await runLive(engine, prepared, () => orRefusal(ask, errors), sink, errors)
    }
    sink.next(await ask())
    sink.complete()
    return () => {}
  } catch (error) {
    return refusedFor(error, errors)
  }
}

/** @throws {StoreError} `UNAVAILABLE`; whatever else is wrong is the answer */
async function orRefusal(ask: () => Promise<string>, errors: ErrorFormat): Promise<string> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof StoreError && error.code === 'UNAVAILABLE') throw error
    return textOf(refusedFor(error, errors))
  }
}

export function textOf(answered: Answer): string {
  return 'text' in answered ? answered.text : JSON.stringify(answered.body)
}

/** Why the whole request is refused, by its code. */
export function statusOf(code: string): number {
  return statuses[code] ?? 400
}

const statuses: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
}

async function run(
  engine: Engine,
  prepared: PreparedDocument,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  { context, general = false }: Caller,
  errors: ErrorFormat,
): Promise<Answer> {
  const started = performance.now()
  if (operation.operation === 'mutation' && !general) {
    const parts = { engine, prepared, operation, variables, context, errors }
    const mutated = await answerMutation(parts)
    if (mutated) {
      const milliseconds = performance.now() - started
      for (const { kind, sql, reason, cached } of mutated.fields) {
        engine.plans.add(operation, {
          kind,
          milliseconds,
          ...(sql === undefined ? {} : { sql }),
          ...(reason === undefined ? {} : { reason }),
          ...(cached === undefined ? {} : { cached }),
        })
      }
      const lost = mutated.fields
        .flatMap((field) => field.errors)
        .find((error) => isOutage(error.extensions?.code))
      if (lost && mutated.fields.every(({ text }) => text === 'null')) {
        const all = mutated.fields.flatMap((field) => field.errors)
        return refused(all, statusOf(String(lost.extensions?.code)))
      }
      return mutated.answer
    }
  }
  const written = general
    ? 'it is asked for'
    : await textAnswer(engine.text, prepared, operation, variables, context)
  if (typeof written !== 'string') {
    const { text, kind, sql, cached } = written
    engine.plans.add(operation, {
      kind,
      cached,
      sql,
      milliseconds: performance.now() - started,
      length: text.length,
      ...(engine.plans.isLookedAt ? { rows: rowsInText(text) } : {}),
    })
    return { text, status: 200 }
  }
  const answer = await runGeneral(engine, prepared, operation, variables, context, errors)
  engine.plans.add(operation, {
    kind: 'general',
    reason: written,
    milliseconds: performance.now() - started,
    ...(engine.plans.isLookedAt && 'body' in answer ? { rows: rowsInData(answer.body.data) } : {}),
  })
  return answer
}

async function runGeneral(
  { schema, limits }: Engine,
  { document }: PreparedDocument,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  context: Context,
  errors: ErrorFormat,
): Promise<BodyAnswer> {
  const state: RequestState = { context, batches: new RelationBatches(context.db), limits }
  const result = await execute({
    schema,
    document,
    contextValue: state,
    variableValues: variables,
    operationName: operation.name?.value ?? null,
  })
  if (!result.errors?.length) return { body: { data: result.data ?? null }, status: 200 }
  const formatted = result.errors.map((error) => errors.format(error))
  if (result.data === undefined) return refused(formatted)
  const lost = formatted.find(({ extensions }) => isOutage(extensions?.code))
  // Nothing was answered at all: then the caller, and whatever stands between, should know by the status.
  if (lost && Object.values(result.data ?? {}).every((value) => value === null)) {
    return refused(formatted, statusOf(String(lost.extensions?.code)))
  }
  return { body: { errors: formatted, data: result.data }, status: 200 }
}

function isOutage(code: unknown): boolean {
  return code === 'UNAVAILABLE' || code === 'TIMEOUT'
}

function refused(errors: FormattedExecutionResult['errors'] & {}, status = 400): BodyAnswer {
  return { body: { errors }, status }
}

function chosen(
  { operations }: PreparedDocument,
  name: string | undefined,
): OperationDefinitionNode {
  if (name !== undefined) {
    const operation = operations.find((one) => one.name?.value === name)
    if (operation) return operation
    throw new ApiError('OPERATION_NOT_FOUND', 'the document has no operation of this operationName')
  }
  const [only] = operations
  if (only && operations.length === 1) return only
  const message = only
    ? 'the document has several operations; say which with operationName'
    : 'the document has no operation'
  throw new ApiError('OPERATION_NOT_FOUND', message)
}
