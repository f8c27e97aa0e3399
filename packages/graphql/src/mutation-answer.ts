/**
 * Mutations, one field after the other. Each write of an entity and the reads of its answer are one transaction: where the
 * selection allows, one write and one statement that writes the answer's text; otherwise graphql-js inside the transaction.
 * A field that fails leaves nothing behind, and what the fields before it wrote stays.
 */
import { ValidationError } from '@typestead/entity'
import { StoreError } from '@typestead/store'
import {
  execute,
  GraphQLError,
  type GraphQLField,
  type GraphQLFormattedError,
  getArgumentValues,
  getNamedType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { Answer, Engine } from './answer.ts'
import type { Context } from './context.ts'
import type { PreparedDocument } from './documents.ts'
import { causeOf, type ErrorFormat } from './error-format.ts'
import type { Operation } from './operation.ts'
import { RelationBatches } from './relation-batches.ts'
import type { RequestState } from './request-state.ts'
import { NotText } from './text/not-text.ts'
import { type SelectedField, type SelectionContext, selectedFields } from './text/selection.ts'
import { fragmentsOf, writtenRow } from './text/text-answer.ts'
import { variablesOf } from './text/variables.ts'

export interface MutationParts {
  readonly engine: Engine
  readonly prepared: PreparedDocument
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: Context
  readonly errors: ErrorFormat
}

/** One field's part of the answer, as JSON. */
interface Written {
  readonly text: string
  readonly errors: readonly GraphQLFormattedError[]
  readonly kind: 'text' | 'holes' | 'general'
  readonly sql?: string
  readonly cached?: boolean
  readonly reason?: string
}

export interface MutationAnswer {
  readonly answer: Answer
  readonly fields: readonly Written[]
}

/** `undefined` where the mutation is left to graphql-js: a store without transactions, or variables that it refuses. */
export async function answerMutation(parts: MutationParts): Promise<MutationAnswer | undefined> {
  const { engine, operation, context, prepared } = parts
  const type = engine.schema.getMutationType()
  if (!type || !context.db.capabilities.transactions) return undefined
  let selection: SelectionContext
  let fields: readonly SelectedField[]
  try {
    const variables = variablesOf(engine.schema, operation, parts.variables)
    selection = { schema: engine.schema, fragments: fragmentsOf(prepared), variables }
    fields = selectedFields(type, [operation.selectionSet], selection)
  } catch (error) {
    if (error instanceof NotText) return undefined
    throw error
  }
  const written: Written[] = []
  const texts: string[] = []
  for (const selected of fields) {
    const field = type.getFields()[selected.name]
    const one =
      field === undefined
        ? { text: JSON.stringify(type.name), errors: [], kind: 'text' as const }
        : await writeField(parts, selection, selected, field)
    written.push(one)
    // A field that must not be null makes the whole answer null, and ends it.
    if (one.text === 'null' && field && isNonNullType(field.type)) {
      return { answer: answerOf('null', written), fields: written }
    }
    texts.push(`${JSON.stringify(selected.key)}:${one.text}`)
  }
  return { answer: answerOf(`{${texts.join(',')}}`, written), fields: written }
}

/** Nothing but outages is told by the caller, which knows its statuses. */
function answerOf(data: string, fields: readonly Written[]): Answer {
  const errors = fields.flatMap((field) => field.errors)
  const start = errors.length === 0 ? '' : `"errors":${JSON.stringify(errors)},`
  return { text: `{${start}"data":${data}}`, status: 200 }
}

type Field = GraphQLField<unknown, RequestState>

async function writeField(
  parts: MutationParts,
  selection: SelectionContext,
  selected: SelectedField,
  field: Field,
): Promise<Written> {
  const declared = field.extensions.typestead as Operation
  // A function of the application says itself what belongs together.
  if (declared.kind === 'mutation') return general(parts, selected, parts.context, 'a function')
  const { db } = parts.context
  try {
    const plan = rowPlan(parts, selection, selected, field)
    if (typeof plan !== 'string') {
      try {
        return await db.transaction(async (tx) => {
          const row = await resolved(parts, selection, selected, field, tx)
          const { kind, cached } = plan
          const read = row === null || row === undefined ? nothing : await plan.read(tx, row)
          return { ...read, errors: [], kind, cached }
        })
      } catch (error) {
        // The write was taken back; with it a value that GraphQL answers with an error is told by graphql-js.
        if (!(error instanceof NotText)) throw error
      }
    }
    return await db.transaction(async (tx) => {
      const context = { ...parts.context, db: tx }
      const reason = typeof plan === 'string' ? plan : 'a value is told by graphql-js'
      return general(parts, selected, context, reason, true)
    })
  } catch (error) {
    const { nodes, key } = selected
    const located = new GraphQLError('', { nodes, path: [key], originalError: error as Error })
    return { text: 'null', errors: [parts.errors.format(located)], kind: 'general' }
  }
}

const nothing = { text: 'null' }

function rowPlan(
  { engine, prepared, context }: MutationParts,
  selection: SelectionContext,
  selected: SelectedField,
  field: Field,
) {
  const declared = field.extensions.typestead as Operation
  if (declared.kind === 'remove') return 'its row is gone when it is read'
  const view = engine.text.views.get(getNamedType(field.type).name)
  if (!view) return 'its answer is no row'
  const asked = { view, type: field.type, selected }
  return writtenRow(engine.text, prepared, asked, selection, context)
}

/** The write alone, as graphql-js would call it. */
async function resolved(
  { engine, context }: MutationParts,
  selection: SelectionContext,
  { nodes: [node] }: SelectedField,
  field: Field,
  tx: Context['db'],
): Promise<unknown> {
  if (!node || !field.resolve) throw new NotText('nothing writes it')
  // Only the arguments' definitions are read.
  const args = getArgumentValues(
    field as GraphQLField<unknown, unknown>,
    node,
    selection.variables.forArguments,
  )
  const state = stateOf(engine, { ...context, db: tx })
  try {
    // None of this package's own resolvers looks at the fourth argument.
    return await field.resolve(undefined, args, state, undefined as never)
  } catch (error) {
    // What the entity refuses is an error of the write, not of the text.
    if (error instanceof ValidationError) throw new GraphQLError('', { originalError: error })
    throw error
  }
}

function stateOf({ limits }: Engine, context: Context): RequestState {
  return { context, limits, batches: new RelationBatches(context.db) }
}

async function general(
  { engine, prepared, operation, variables, errors }: MutationParts,
  { key, nodes }: SelectedField,
  context: Context,
  reason: string,
  transaction = false,
): Promise<Written> {
  const alone = { ...operation, selectionSet: { ...operation.selectionSet, selections: nodes } }
  const fragments = prepared.document.definitions.filter(
    ({ kind }) => kind === Kind.FRAGMENT_DEFINITION,
  )
  const result = await execute({
    schema: engine.schema,
    document: { kind: Kind.DOCUMENT, definitions: [alone, ...fragments] },
    contextValue: stateOf(engine, context),
    variableValues: variables,
  })
  if (transaction) {
    // A statement that failed has ended the transaction, whatever was made of its error.
    for (const error of result.errors ?? []) {
      const cause = causeOf(error)
      if (cause instanceof StoreError || result.data?.[key] == null) throw error
    }
  }
  return {
    text: JSON.stringify(result.data?.[key] ?? null),
    errors: result.errors?.map((error) => errors.format(error)) ?? [],
    kind: 'general',
    reason,
  }
}
