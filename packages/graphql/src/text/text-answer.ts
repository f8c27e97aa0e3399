/** A query answered by one statement, its text passed on as it is; `null` where the general plan must answer. */
import { ValidationError } from '@typestead/entity'
import { StoreError } from '@typestead/store'
import { encodeKey, keyOf, type SqlStore, type Statement, sqlStore } from '@typestead/store/sql'
import {
  type ASTNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import { ApiError } from '../api-error.ts'
import type { Context } from '../context.ts'
import type { PreparedDocument } from '../documents.ts'
import type { FilterTypes } from '../filter-types.ts'
import type { ViewPlan } from '../view-plan.ts'
import { Binding } from './binding.ts'
import { Compilation, type TextPlan } from './compilation.ts'
import { compileRow, compileText } from './compile.ts'
import { fillHoles } from './hole.ts'
import { NotText } from './not-text.ts'
import { PlanCache } from './plan-cache.ts'
import type { SelectedField, SelectionContext } from './selection.ts'
import { noVariables, variablesOf } from './variables.ts'

export interface TextEngine {
  readonly schema: GraphQLSchema
  readonly views: ReadonlyMap<string, ViewPlan>
  readonly filters: FilterTypes
  readonly mostRows: number
  readonly cache: PlanCache
}

export interface TextAnswer {
  /** The whole answer as JSON. */
  readonly text: string
  readonly kind: TextPlan['kind']
  readonly sql: string
  /** Whether the plan was there already. */
  readonly cached: boolean
}

export function textEngine(parts: Omit<TextEngine, 'cache'>): TextEngine {
  return { ...parts, cache: new PlanCache() }
}

/** A text is the reason why the query is not answered here. */
export async function textAnswer(
  engine: TextEngine,
  prepared: PreparedDocument,
  operation: OperationDefinitionNode,
  inputs: Readonly<Record<string, unknown>>,
  { db }: Context,
): Promise<TextAnswer | string> {
  if (operation.operation !== 'query') return 'mutations write first'
  const store = sqlStore(db)
  if (!store) return 'the store has no SQL that carries all rules'
  try {
    const constant = (operation.variableDefinitions ?? []).length === 0
    const variables = constant ? noVariables : variablesOf(engine.schema, operation, inputs)
    const binding = new Binding(store, variables)
    const { plan, cached } = planFor(engine, prepared, [operation], binding, (compilation) =>
      compileText(operation, compilation),
    )
    const { template, holes, kind } = plan
    const statement = constant
      ? template.bindOnce(keyOfAsker(db), () => binding)
      : template.bind(binding)
    const text = await run(store, statement)
    if (text === undefined) return 'a row is missing, which the general plan tells'
    const filled = holes.length === 0 ? text : fillHoles(text, holes)
    return { text: filled, kind, sql: statement.text, cached }
  } catch (error) {
    return reasonOf(error)
  }
}

/** The read of a mutation: what its answer shows of the row that it wrote. */
export interface WrittenRowPlan {
  readonly kind: TextPlan['kind']
  readonly cached: boolean
  /** @throws {NotText} or {ValidationError} for values that only the general plan can tell of */
  readonly read: (db: Context['db'], row: unknown) => Promise<{ text: string; sql: string }>
}

/** A text is the reason why the row is not read here. */
export function writtenRow(
  engine: TextEngine,
  prepared: PreparedDocument,
  field: {
    readonly view: ViewPlan
    readonly type: GraphQLOutputType
    readonly selected: SelectedField
  },
  { variables }: SelectionContext,
  { db }: Context,
): WrittenRowPlan | string {
  const store = sqlStore(db)
  if (!store) return 'the store has no SQL that carries all rules'
  const { view, type, selected } = field
  const { nodes } = selected
  try {
    const { plan, cached } = planFor(
      engine,
      prepared,
      nodes,
      new Binding(store, variables),
      (compilation) => compileRow(view, type, nodes, compilation),
    )
    return {
      kind: plan.kind,
      cached,
      async read(tx, row) {
        const inside = sqlStore(tx)
        if (!inside || typeof row !== 'object' || row === null) {
          throw new NotText('the write gave no row')
        }
        const key = encodeKey(view.meta, keyOf(view.meta, row as Readonly<Record<string, unknown>>))
        const statement = plan.template.bind(new Binding(inside, variables, key))
        const text = await run(inside, statement)
        if (text === undefined) throw new NotText('the row is not there any more')
        const filled = plan.holes.length === 0 ? text : fillHoles(text, plan.holes)
        return { text: filled, sql: statement.text }
      },
    }
  } catch (error) {
    return reasonOf(error)
  }
}

export function fragmentsOf({ document }: PreparedDocument): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  }
  return fragments
}

/** @throws {NotText} where no statement answers; that is kept too */
function planFor(
  engine: TextEngine,
  prepared: PreparedDocument,
  nodes: readonly ASTNode[],
  binding: Binding,
  compile: (compilation: Compilation) => TextPlan,
): { readonly plan: TextPlan; readonly cached: boolean } {
  const known = engine.cache.find(nodes, binding)
  if (known instanceof NotText) throw known
  if (known) return { plan: known, cached: true }
  const query = engine.schema.getQueryType()
  if (!query) throw new NotText('the schema has no queries')
  const compilation = new Compilation({ ...engine, query }, fragmentsOf(prepared), binding)
  const { guards } = compilation
  try {
    const plan = compile(compilation)
    engine.cache.keep(nodes, { guards, plan })
    return { plan, cached: false }
  } catch (error) {
    if (error instanceof NotText) engine.cache.keep(nodes, { guards, plan: error })
    throw error
  }
}

async function run(store: SqlStore, statement: Statement): Promise<string | undefined> {
  const [row] = await store.run(statement)
  const text = row?.[0]
  return typeof text === 'string' ? text : undefined
}

/**
 * Why the general plan must answer: it tells what is wrong with an argument at the field's path, and values that GraphQL answers
 * with an error of its own, such as NaN, or a function that threw.
 */
function reasonOf(error: unknown): string {
  const told =
    error instanceof NotText ||
    error instanceof ApiError ||
    error instanceof ValidationError ||
    (error instanceof StoreError && error.code === 'BAD_CURSOR')
  if (told) return error.message
  throw error
}

/** Whoever asks, as a text; `undefined` for values whose text might be that of others: such a caller is bound anew. */
function keyOfAsker({ asking: { current, withDeleted } }: Context['db']): string | undefined {
  let key = withDeleted ? 'd' : 'l'
  if (current === null) return key
  for (const name of Object.keys(current)) {
    const value = current[name]
    if (typeof value === 'string') key += `,${JSON.stringify(name)}:${JSON.stringify(value)}`
    else if (typeof value === 'boolean' || value === null || Number.isFinite(value)) {
      key += `,${JSON.stringify(name)}:${value}`
    } else return undefined
  }
  return `${key},`
}
