/**
 * The cost of an operation: how many rows it may make. A list counts its `first` (or an estimate where it has no size)
 * times one and what stands inside; a single row counts one. Linear in the document's size.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { ApiError } from './api-error.ts'
import type { Limits } from './limits.ts'
import type { Operation } from './operation.ts'
import type { FieldPlan } from './view-plan.ts'

export type Variables = Readonly<Record<string, unknown>>

/** @throws {ApiError} `TOO_COSTLY` with the cost and the limit */
export function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): void {
  const cost = costs.get(operation) ?? costOf(schema, document, operation, variables, limits)
  if (cost <= limits.cost) return
  throw new ApiError(
    'TOO_COSTLY',
    `the document may make ${cost} rows; at most ${limits.cost} are allowed. Ask for fewer levels of lists, or for smaller ones with first`,
    { extensions: { cost, limit: limits.cost } },
  )
}

/** Of operations whose lists have no size that is a variable: those cost always the same. */
const costs = new WeakMap<OperationDefinitionNode, number>()

function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): number {
  const walk = new CostWalk(schema, document, operation, variables, limits)
  const root = schema.getRootType(operation.operation)
  const cost = root ? walk.selections(operation.selectionSet, root.name) : 0
  if (!walk.varies) costs.set(operation, cost)
  return cost
}

class CostWalk {
  /** Whether a variable had a part in the cost. */
  varies = false
  readonly #schema: GraphQLSchema
  readonly #limits: Limits
  readonly #variables: Variables
  readonly #defaults = new Map<string, number>()
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  readonly #measured = new Map<string, number>()

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
    limits: Limits,
  ) {
    this.#schema = schema
    this.#limits = limits
    this.#variables = variables
    for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
      if (defaultValue?.kind === Kind.INT) {
        this.#defaults.set(variable.name.value, Number(defaultValue.value))
      }
    }
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition)
      }
    }
  }

  /** What stands in one row of the type. */
  selections({ selections }: SelectionSetNode, typeName: string): number {
    let cost = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += this.#field(selection, typeName)
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const inner = selection.typeCondition?.name.value ?? typeName
        cost += this.selections(selection.selectionSet, inner)
      } else cost += this.#fragment(selection.name.value)
    }
    return cost
  }

  #fragment(name: string): number {
    const known = this.#measured.get(name)
    if (known !== undefined) return known
    const definition = this.#fragments.get(name)
    const cost = definition
      ? this.selections(definition.selectionSet, definition.typeCondition.name.value)
      : 0
    this.#measured.set(name, cost)
    return cost
  }

  #field(node: FieldNode, typeName: string): number {
    const type = this.#schema.getType(typeName)
    const field =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
    if (!field) return 0
    const inner = node.selectionSet
      ? this.selections(node.selectionSet, getNamedType(field.type).name)
      : 0
    // Wrappers such as edges and nodes carry no plan: what they wrap was counted with the page.
    const plan = field.extensions.typestead as FieldPlan | Operation | undefined
    if (plan === undefined) return inner
    return this.#unit(plan, field) * (this.#size(node, plan, field) * (1 + inner))
  }

  #unit(plan: FieldPlan | Operation, field: GraphQLField<unknown, unknown>): number {
    if (plan.kind === 'column' || plan.kind === 'computed') return 0
    if (plan.kind === 'changed') return 1
    if (plan.kind === 'query' || plan.kind === 'mutation') return plan.cost
    return isCompositeType(getNamedType(field.type)) || plan.kind === 'resolved' ? 1 : 0
  }

  #size(
    node: FieldNode,
    plan: FieldPlan | Operation,
    field: GraphQLField<unknown, unknown>,
  ): number {
    const { size } = field.extensions
    const list = isListType(isNonNullType(field.type) ? field.type.ofType : field.type)
    if (!list && typeof size !== 'number') return 1
    const nested = plan.kind === 'relation' || plan.kind === 'resolved'
    const estimate =
      typeof size === 'number'
        ? size
        : nested
          ? this.#limits.nestedListEstimate
          : this.#limits.listEstimate
    return this.#argument(node, 'first') ?? this.#argument(node, 'last') ?? estimate
  }

  /** The number that an argument has; what is none is refused when it is coerced. */
  #argument(node: FieldNode, name: string): number | undefined {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value
    if (value?.kind === Kind.INT) return Math.max(0, Number(value.value))
    if (value?.kind !== Kind.VARIABLE) return undefined
    this.varies = true
    const variable = value.name.value
    const given = Object.hasOwn(this.#variables, variable)
      ? this.#variables[variable]
      : this.#defaults.get(variable)
    return typeof given === 'number' ? Math.max(0, given) : undefined
  }
}
