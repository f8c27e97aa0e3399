/** How large each operation of a document is, fragments counted where they are spread; linear in the document's size. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { ApiError } from './api-error.ts'
import type { Limits } from './limits.ts'

const introspectionDepth = 20

interface Measure {
  readonly fields: number
  readonly aliases: number
  readonly depth: number
  /** The depth below `__schema` and `__type`. */
  readonly introspection: number
}

const nothing: Measure = { fields: 0, aliases: 0, depth: 0, introspection: 0 }

/** @throws {ApiError} `TOO_COSTLY` naming the limit that the document passes */
export function checkDocumentSize(document: DocumentNode, limits: Limits): void {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition)
    }
  }
  const walk = new Walk(fragments)
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      check(walk, definition, limits)
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      // Also fragments that nothing spreads are validated.
      const { fields } = walk.fragment(definition.name.value)
      refuse(fields, limits.fields, 'fields')
    }
  }
}

function check(walk: Walk, { selectionSet }: OperationDefinitionNode, limits: Limits): void {
  const measure = walk.selections(selectionSet)
  refuse(measure.aliases, limits.aliases, 'aliases')
  refuse(walk.own(selectionSet), limits.rootFields, 'fields of its root')
  refuse(measure.fields, limits.fields, 'fields')
  refuse(measure.depth, limits.depth, 'levels')
  refuse(measure.introspection, introspectionDepth, 'levels of introspection')
}

function refuse(count: number, most: number, what: string): void {
  if (count <= most) return
  const text = Number.isFinite(count) ? String(count) : 'too many'
  throw new ApiError('TOO_COSTLY', `the document has ${text} ${what}; at most ${most} are allowed`)
}

class Walk {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #measured = new Map<string, Measure>()
  readonly #rooted = new Map<string, number>()

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments
  }

  selections({ selections }: SelectionSetNode): Measure {
    let { fields, aliases, depth, introspection } = nothing
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? this.selections(selection.selectionSet) : nothing
        const meta = selection.name.value.startsWith('__')
        fields += 1 + inner.fields
        aliases += (selection.alias ? 1 : 0) + inner.aliases
        if (meta) introspection = Math.max(introspection, 1 + inner.depth)
        else depth = Math.max(depth, 1 + inner.depth)
        introspection = Math.max(introspection, inner.introspection)
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? this.selections(selection.selectionSet)
            : this.fragment(selection.name.value)
        fields += inner.fields
        aliases += inner.aliases
        depth = Math.max(depth, inner.depth)
        introspection = Math.max(introspection, inner.introspection)
      }
    }
    return { fields, aliases, depth, introspection }
  }

  /** A fragment within itself counts as empty: validation refuses it later. */
  fragment(name: string): Measure {
    const known = this.#measured.get(name)
    if (known) return known
    this.#measured.set(name, nothing)
    const definition = this.#fragments.get(name)
    const measure = definition ? this.selections(definition.selectionSet) : nothing
    this.#measured.set(name, measure)
    return measure
  }

  /** The fields of the root itself. */
  own({ selections }: SelectionSetNode): number {
    let count = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) count += 1
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += this.own(selection.selectionSet)
      else count += this.#ownOfFragment(selection.name.value)
    }
    return count
  }

  #ownOfFragment(name: string): number {
    const known = this.#rooted.get(name)
    if (known !== undefined) return known
    this.#rooted.set(name, 0)
    const definition = this.#fragments.get(name)
    const count = definition ? this.own(definition.selectionSet) : 0
    this.#rooted.set(name, count)
    return count
  }
}
