/**
 * Subscriptions as answers that are pushed: each event of the feed that the caller may see and that the arguments name is
 * one answer. Callers with equal documents, variables and rights share the work.
 */
import type { EntityMeta } from '@typestead/entity'
import { type ChangeEvent, StoreError } from '@typestead/store'
import { type Condition, hydrate, visibleWhere } from '@typestead/store/sql'
import {
  execute,
  type GraphQLField,
  getArgumentValues,
  type OperationDefinitionNode,
} from 'graphql'
import type { Engine } from '../answer.ts'
import { ApiError } from '../api-error.ts'
import type { Context } from '../context.ts'
import type { PreparedDocument } from '../documents.ts'
import { causeOf, type ErrorFormat } from '../error-format.ts'
import type { Changed } from '../operation.ts'
import { RelationBatches } from '../relation-batches.ts'
import type { RequestState } from '../request-state.ts'
import { selectedFields } from '../text/selection.ts'
import { fragmentsOf } from '../text/text-answer.ts'
import { variablesOf } from '../text/variables.ts'
import type { ViewPlan } from '../view-plan.ts'
import { whereOf } from '../where-argument.ts'
import { forgetFailed } from './forget-failed.ts'
import type { Page } from './hub.ts'

/** Where answers go. `id` is the cursor to go on from. */
export interface Sink {
  readonly next: (text: string, id?: string) => void
  readonly complete: () => void
  /** Waits until little waits for the far end, or it is gone; for those that can take their time. */
  readonly ready: () => Promise<void> | undefined
}

export interface Subscribing {
  readonly engine: Engine
  readonly prepared: PreparedDocument
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: Context
  readonly errors: ErrorFormat
  /** The cursor that the transport knows of, such as Last-Event-ID. */
  readonly after: string | undefined
}

/** What is made of the same event for the same question is made once. */
const shared = new WeakMap<ChangeEvent, Map<string, Promise<string>>>()
const operations = new WeakMap<OperationDefinitionNode, number>()
let nextOperation = 0

export async function subscribe(asked: Subscribing, sink: Sink): Promise<() => void> {
  const { engine, errors } = asked
  const { view, condition, ops, after } = source(asked)
  const conditionKey = `${view.meta.name} ${text(condition)}`
  const shareKey = shareKeyOf(asked)
  // When the store goes away within a page, the page comes again: what was sent of it is not sent twice.
  let sent: string | undefined
  const page = async (given: Page, own: boolean) => {
    const events = await engine.changes.filter.visible(given, view.meta, condition, conditionKey)
    const start = events.findIndex(({ cursor }) => cursor === sent) + 1
    for (const event of events.slice(start)) {
      if (ops && !ops.includes(event.op)) continue
      sink.next(await answerOf(asked, view.meta, event, shareKey), event.cursor)
      sent = event.cursor
      if (own) await sink.ready()
    }
  }
  return engine.changes.hub.watch({
    ...(after === undefined ? {} : { after }),
    page,
    fail: (error) => endWith(sink, errors, error),
  })
}

/** The last answer: why there are no more. */
export function endWith(sink: Sink, errors: ErrorFormat, error: unknown): void {
  sink.next(JSON.stringify({ errors: [errors.formatRequest(error)] }))
  sink.complete()
}

interface Source {
  readonly view: ViewPlan
  readonly condition: Condition
  readonly ops: readonly string[] | undefined
  readonly after: string | undefined
}

/** @throws {ApiError} for arguments that are wrong */
function source({ engine, prepared, operation, variables, context, after }: Subscribing): Source {
  const type = engine.schema.getSubscriptionType()
  const coerced = variablesOf(engine.schema, operation, variables)
  const selection = { schema: engine.schema, fragments: fragmentsOf(prepared), variables: coerced }
  const [selected] = type ? selectedFields(type, [operation.selectionSet], selection) : []
  const field = type?.getFields()[selected?.name ?? '']
  const node = selected?.nodes[0]
  const declared = field?.extensions.typestead as Changed | undefined
  if (!field || !node || declared?.kind !== 'changed') {
    throw new ApiError('BAD_INPUT', 'the subscription selects no field')
  }
  const args = getArgumentValues(
    field as GraphQLField<unknown, unknown>,
    node,
    coerced.forArguments,
  ) as Readonly<Record<string, unknown>>
  const view = field.extensions.view as ViewPlan
  const asked = whereOf(engine.text.filters, view, args.where)
  const wheres = [declared.options.where, asked].filter((where) => where !== undefined)
  const filter = wheres.length === 0 ? undefined : { and: wheres }
  return {
    view,
    // A soft deletion is an event of its own, so rows that were deleted are judged too.
    condition: visibleWhere({ ...context.db.asking, withDeleted: true }, view.meta, filter),
    ops: (args.ops as readonly string[] | null | undefined) ?? undefined,
    after: after ?? (typeof args.after === 'string' ? args.after : undefined),
  }
}

function answerOf(
  asked: Subscribing,
  meta: EntityMeta,
  event: ChangeEvent,
  key: string | undefined,
): Promise<string> {
  if (key === undefined) return executed(asked, meta, event)
  const answers = shared.get(event) ?? new Map<string, Promise<string>>()
  shared.set(event, answers)
  const answer = answers.get(key) ?? executed(asked, meta, event)
  answers.set(key, answer)
  return forgetFailed(answers, key, answer)
}

/** @throws {StoreError} `UNAVAILABLE` when rows of relations could not be read: then it is no answer yet */
async function executed(
  { engine, prepared, operation, variables, context, errors }: Subscribing,
  meta: EntityMeta,
  event: ChangeEvent,
): Promise<string> {
  const row = hydrate(meta, event.row as Readonly<Record<string, unknown>>)
  const state: RequestState = {
    context,
    batches: new RelationBatches(context.db),
    limits: engine.limits,
  }
  const result = await execute({
    schema: engine.schema,
    document: prepared.document,
    rootValue: { ...event, row },
    contextValue: state,
    variableValues: variables,
    operationName: operation.name?.value ?? null,
  })
  if (!result.errors?.length) return JSON.stringify({ data: result.data ?? null })
  for (const error of result.errors) {
    const cause = causeOf(error)
    if (cause instanceof StoreError && cause.code === 'UNAVAILABLE') throw cause
  }
  const formatted = result.errors.map((error) => errors.format(error))
  return JSON.stringify({ errors: formatted, data: result.data ?? null })
}

/** `undefined` where callers cannot be told apart by text. */
function shareKeyOf({ operation, variables, context }: Subscribing): string | undefined {
  const number = operations.get(operation) ?? nextOperation++
  operations.set(operation, number)
  const { after, ...others } = variables
  const { db, ...known } = context
  const key = text([others, known, db.asking.current])
  return key === '' ? undefined : `${number} ${key}`
}

/** Empty for what has no text of its own. */
function text(value: unknown): string {
  try {
    return JSON.stringify(value, (name, part) => {
      if (typeof part === 'bigint') return `${part}n`
      if (typeof part === 'function' || typeof part === 'symbol') throw new TypeError('no text')
      if (part && typeof part === 'object' && name === 'relation') return part.name
      if (part && typeof part === 'object' && name === 'definition') return part.type
      return part
    })
  } catch {
    return ''
  }
}
