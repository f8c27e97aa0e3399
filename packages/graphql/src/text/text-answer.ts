/** A query answered by one statement, its text passed on as it is; `null` where the general plan must answer. */
import { ValidationError } from '@typestead/entity'
import { StoreError } from '@typestead/store'
import { encodeKey, keyOf, type SqlStore, sqlStore } from '@typestead/store/sql'
import {
  type ASTNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import { ApiError } from '../api-error.ts'
import type { Context } from '../context.ts'
import type { PreparedDocument } from '../documents.ts'
import type { FilterTypes } from '../filter-types.ts'
import type { ViewPlan } from '../view-plan.ts'
import { type Compiling, compileRow, compileText, type TextPlan } from './compile.ts'
import { fillHoles } from './hole.ts'
import { NotText } from './not-text.ts'
import { PlanCache } from './plan-cache.ts'
import type { SelectedField, SelectionContext } from './selection.ts'
import { variablesOf } from './variables.ts'

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
}

export function textEngine(parts: Omit<TextEngine, 'cache'>): TextEngine {
  return { ...parts, cache: new PlanCache() }
}

/** A text is the reason why the query is not answered here. */
export async function textAnswer(
  engine: TextEngine,
  prepared: PreparedDocument,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  { db }: Context,
): Promise<TextAnswer | string> {
  if (operation.operation !== 'query') return 'mutations write first'
  const store = sqlStore(db)
  if (!store) return 'the store has no SQL that carries all rules'
  const compile = () => compiled(engine, store, prepared, operation, variables)
  const plan = engine.cache.get(operation, [variables, db.asking], compile)
  if (plan instanceof NotText) return plan.message
  try {
    const [row] = await store.run(plan.statement)
    const text = row?.[0]
    if (typeof text !== 'string') return 'a row is missing, which the general plan tells'
    const filled = plan.holes.length === 0 ? text : fillHoles(text, plan.holes)
    return { text: filled, kind: plan.kind, sql: plan.statement.text }
  } catch (error) {
    // A value that GraphQL answers with an error of its own, such as NaN, or a function that threw.
    if (error instanceof ValidationError || error instanceof NotText) return error.message
    throw error
  }
}

/** The read of a mutation: what its answer shows of the row that it wrote. */
export interface WrittenRowPlan {
  readonly kind: TextPlan['kind']
  readonly sql: string
  /** @throws {NotText} or {ValidationError} for values that only the general plan can tell of */
  readonly read: (db: Context['db'], row: unknown) => Promise<string>
}

/** A text is the reason why the row is not read here. */
export function writtenRow(
  engine: TextEngine,
  prepared: PreparedDocument,
  operation: OperationDefinitionNode,
  field: {
    readonly view: ViewPlan
    readonly type: GraphQLOutputType
    readonly selected: SelectedField
  },
  context: SelectionContext,
  { db }: Context,
): WrittenRowPlan | string {
  const store = sqlStore(db)
  if (!store) return 'the store has no SQL that carries all rules'
  const { view, type, selected } = field
  const used = usedVariables(selected.nodes, context)
  const compile = () =>
    attempted(engine, prepared, store, (compiling) =>
      compileRow(view, type, selected.nodes, { ...compiling, variables: context.variables }),
    )
  const plan = engine.cache.get(operation, [selected.key, used, db.asking], compile)
  if (plan instanceof NotText) return plan.message
  return {
    kind: plan.kind,
    sql: plan.statement.text,
    async read(tx, row) {
      const { statement, holes } = plan
      if (typeof row !== 'object' || row === null) throw new NotText('the write gave no row')
      const key = encodeKey(view.meta, keyOf(view.meta, row as Readonly<Record<string, unknown>>))
      const values = [...key, ...statement.values.slice(key.length)]
      const [cells] = (await sqlStore(tx)?.run({ text: statement.text, values })) ?? []
      const text = cells?.[0]
      if (typeof text !== 'string') throw new NotText('the row is not there any more')
      return holes.length === 0 ? text : fillHoles(text, holes)
    },
  }
}

/** The values of the variables in the fields' own selections; `null` where one has none. */
function usedVariables(nodes: readonly FieldNode[], context: SelectionContext): unknown {
  const names = new Set<string>()
  const seen = new Set<string>()
  const collect = (node: ASTNode): void => {
    visit(node, {
      Variable: ({ name }) => void names.add(name.value),
      FragmentSpread({ name: { value } }) {
        const fragment = context.fragments.get(value)
        if (!fragment || seen.has(value)) return
        seen.add(value)
        collect(fragment)
      },
    })
  }
  for (const { selectionSet } of nodes) if (selectionSet) collect(selectionSet)
  return [...names].map((name) => [name, context.variables.coerced[name] ?? null])
}

export function fragmentsOf({ document }: PreparedDocument): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  }
  return fragments
}

function compiled(
  engine: TextEngine,
  store: SqlStore,
  prepared: PreparedDocument,
  operation: OperationDefinitionNode,
  inputs: Readonly<Record<string, unknown>>,
): TextPlan | NotText {
  return attempted(engine, prepared, store, (compiling) => {
    const variables = variablesOf(engine.schema, operation, inputs)
    return compileText(operation, { ...compiling, variables })
  })
}

function attempted(
  engine: TextEngine,
  prepared: PreparedDocument,
  store: SqlStore,
  compile: (compiling: Omit<Compiling, 'variables'>) => TextPlan,
): TextPlan | NotText {
  const query = engine.schema.getQueryType()
  if (!query) return new NotText('the schema has no queries')
  try {
    return compile({ ...engine, fragments: fragmentsOf(prepared), query, store })
  } catch (error) {
    if (error instanceof NotText) return error
    // What is wrong with an argument is told by the general plan, at the field's path.
    if (
      error instanceof ApiError ||
      error instanceof ValidationError ||
      (error instanceof StoreError && error.code === 'BAD_CURSOR')
    )
      return new NotText(error.message)
    throw error
  }
}
