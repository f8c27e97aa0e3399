/** A query answered by one statement, its text passed on as it is; `null` where the general plan must answer. */
import { ValidationError } from '@typestead/entity'
import { type SqlStore, sqlStore } from '@typestead/store/sql'
import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import { ApiError } from '../api-error.ts'
import type { Context } from '../context.ts'
import type { PreparedDocument } from '../documents.ts'
import type { FilterTypes } from '../filter-types.ts'
import type { ViewPlan } from '../view-plan.ts'
import { compileText, type TextPlan } from './compile.ts'
import { fillHoles } from './hole.ts'
import { NotText } from './not-text.ts'
import { PlanCache } from './plan-cache.ts'
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

function compiled(
  engine: TextEngine,
  store: SqlStore,
  { document }: PreparedDocument,
  operation: OperationDefinitionNode,
  inputs: Readonly<Record<string, unknown>>,
): TextPlan | NotText {
  const query = engine.schema.getQueryType()
  if (!query) return new NotText('the schema has no queries')
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  }
  try {
    const variables = variablesOf(engine.schema, operation, inputs)
    return compileText(operation, { ...engine, fragments, variables, query, store })
  } catch (error) {
    if (error instanceof NotText) return error
    // What is wrong with an argument is told by the general plan, at the field's path.
    if (error instanceof ApiError || error instanceof ValidationError)
      return new NotText(error.message)
    throw error
  }
}
