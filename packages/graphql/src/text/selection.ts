/**
 * The fields that a document selects on an object, in the order in which an answer has them: fragments spread, `@skip` and
 * `@include` decided, fields of the same response key merged (GraphQL specification, section 6.3.2, CollectFields).
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { NotText } from './not-text.ts'
import type { Variables } from './variables.ts'

export interface SelectedField {
  /** The alias, or the name. */
  readonly key: string
  readonly name: string
  readonly nodes: readonly FieldNode[]
}

export interface SelectionContext {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Variables
  /** Called with each variable that decides what is selected. */
  decided?(variable: string): void
}

export function selectedFields(
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
  context: SelectionContext,
): SelectedField[] {
  const fields = new Map<string, FieldNode[]>()
  const spread = new Set<string>()
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, context)) continue
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value
        const nodes = fields.get(key)
        if (nodes) nodes.push(selection)
        else fields.set(key, [selection])
        continue
      }
      let fragment:
        | {
            readonly typeCondition?: { readonly name: { readonly value: string } } | undefined
            readonly selectionSet: SelectionSetNode
          }
        | undefined
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value
        if (spread.has(name)) continue
        spread.add(name)
        fragment = context.fragments.get(name)
      } else fragment = selection
      if (!fragment) continue
      const condition = fragment.typeCondition?.name.value
      if (condition === undefined || isOf(type, condition, context)) collect(fragment.selectionSet)
    }
  }
  for (const set of sets) if (set) collect(set)
  return [...fields].map(([key, nodes]) => ({ key, name: nodes[0]?.name.value ?? key, nodes }))
}

/** Whether a type condition holds: the type itself, or an interface or union that it belongs to. */
function isOf(type: GraphQLObjectType, condition: string, { schema }: SelectionContext): boolean {
  if (condition === type.name) return true
  const abstract = schema.getType(condition)
  return isAbstractType(abstract) && schema.isSubType(abstract, type)
}

type Directed = SelectionSetNode['selections'][number]

function isIncluded({ directives }: Directed, context: SelectionContext): boolean {
  for (const directive of directives ?? []) {
    const name = directive.name.value
    if (name !== 'skip' && name !== 'include') continue
    const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value
    if (truth(value, context) === (name === 'skip')) return false
  }
  return true
}

function truth(node: ValueNode | undefined, context: SelectionContext): boolean {
  if (node?.kind === Kind.VARIABLE) context.decided?.(node.name.value)
  const value =
    node?.kind === Kind.VARIABLE
      ? context.variables.coerced[node.name.value]
      : node?.kind === Kind.BOOLEAN && node.value
  if (typeof value !== 'boolean') throw new NotText('a condition is null')
  return value
}
