/**
 * `@defer`, where graphql-js has it (17): the answer without the deferred parts first, then these, as incremental delivery over
 * multipart (https://github.com/graphql/graphql-over-http/blob/main/rfcs/IncrementalDelivery.md). Callers that do not read
 * `multipart/mixed` get everything at once.
 */
import * as graphqlJs from 'graphql'
import {
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLDirective,
  type GraphQLError,
  visit,
} from 'graphql'
import { begin, type Caller, type Engine, type GraphQLRequest } from './answer.ts'
import { ErrorFormat } from './error-format.ts'
import { RelationBatches } from './relation-batches.ts'
import type { RequestState } from './request-state.ts'

interface Part {
  readonly errors?: readonly GraphQLError[]
  readonly incremental?: readonly Part[]
  readonly completed?: readonly Part[]
}

interface Incremental {
  readonly initialResult: Part
  readonly subsequentResults: AsyncGenerator<Part>
}

/** What graphql-js 16 does not export. */
interface Seventeen {
  readonly GraphQLDeferDirective: GraphQLDirective
  readonly experimentalExecuteIncrementally: (
    args: graphqlJs.ExecutionArgs,
  ) => Incremental | FormattedExecutionResult | Promise<Incremental | FormattedExecutionResult>
}

const seventeen =
  'GraphQLDeferDirective' in graphqlJs && 'experimentalExecuteIncrementally' in graphqlJs
    ? (graphqlJs as unknown as Seventeen)
    : undefined

/** `undefined` on graphql-js 16. */
export const deferDirective: GraphQLDirective | undefined = seventeen?.GraphQLDeferDirective

/** The document with and without its `@defer`. */
export function splitDeferring(document: DocumentNode): {
  readonly document: DocumentNode
  readonly deferring: DocumentNode | undefined
} {
  const whole = visit(document, {
    Directive: ({ name }) => (name.value === 'defer' ? null : undefined),
  })
  return { document: whole, deferring: whole === document ? undefined : document }
}

/** `undefined` when the caller reads no parts, or nothing is deferred: then the whole is answered as always. */
export async function deferredResponse(
  engine: Engine,
  request: GraphQLRequest,
  caller: () => Promise<Caller>,
  accept: string | null,
): Promise<Response | undefined> {
  const execute = seventeen?.experimentalExecuteIncrementally
  if (!execute || !/multipart\/mixed/i.test(accept ?? '')) return undefined
  const errors = new ErrorFormat(engine.report, request.operationName ?? undefined)
  const made = await caller()
  const begun = begin(engine, request, made, errors)
  if ('status' in begun || begun.operation.operation !== 'query') return undefined
  const { deferring } = begun.prepared
  if (!deferring) return undefined
  const { context } = made
  const contextValue: RequestState = {
    context,
    batches: new RelationBatches(context.db),
    limits: engine.limits,
  }
  const result = await execute({
    schema: engine.schema,
    document: deferring,
    contextValue,
    variableValues: begun.variables,
    operationName: begun.operation.name?.value ?? null,
  })
  const formatted = (part: Part): object => ({
    ...part,
    ...(part.errors ? { errors: part.errors.map((error) => errors.format(error)) } : {}),
    ...(part.incremental ? { incremental: part.incremental.map(formatted) } : {}),
    ...(part.completed ? { completed: part.completed.map(formatted) } : {}),
  })
  async function* parts(): AsyncGenerator<object> {
    if (!('initialResult' in result)) {
      yield formatted(result as Part)
      return
    }
    yield formatted(result.initialResult)
    for await (const part of result.subsequentResults) yield formatted(part)
  }
  return multipart(parts())
}

function multipart(parts: AsyncGenerator<object>): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await parts.next()
      if (done) {
        controller.enqueue(encoder.encode('\r\n-----\r\n'))
        controller.close()
        return
      }
      const head = 'content-type: application/json; charset=utf-8'
      controller.enqueue(encoder.encode(`\r\n---\r\n${head}\r\n\r\n${JSON.stringify(value)}`))
    },
    async cancel() {
      await parts.return(undefined)
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'multipart/mixed; boundary="-"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
