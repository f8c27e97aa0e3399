/**
 * A plan in the making. What is compiled is the document's structure: values are written by sites when the plan is used,
 * and each value that the structure depends on becomes a guard, so that a plan serves all requests that fulfil its guards.
 */
import type { EntityMeta } from '@typestead/entity'
import { type Column, quote, type SqlStore, type Table, whereSql } from '@typestead/store/sql'
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type ValueNode,
} from 'graphql'
import type { FilterTypes } from '../filter-types.ts'
import type { ViewPlan } from '../view-plan.ts'
import type { Arguments, Binding } from './binding.ts'
import type { Hole } from './hole.ts'
import { NotText } from './not-text.ts'
import type { SelectedField, SelectionContext } from './selection.ts'
import { type Site, siteMark, Template } from './template.ts'
import type { Variables } from './variables.ts'

export interface Compiling {
  readonly schema: GraphQLSchema
  readonly query: GraphQLObjectType
  readonly views: ReadonlyMap<string, ViewPlan>
  readonly filters: FilterTypes
  readonly mostRows: number
}

/** A plan holds for a request whose binding gives this value here too. */
export interface Guard {
  readonly read: (binding: Binding) => Plain
  readonly value: Plain
}

type Plain = string | number | boolean | null | undefined

export interface TextPlan {
  readonly kind: 'text' | 'holes'
  readonly template: Template
  readonly holes: readonly Hole[]
}

/** The arguments of one field; without variables in them they are known. */
export interface FieldArguments {
  readonly known: boolean
  readonly of: (binding: Binding) => Arguments
}

export type Field = GraphQLField<unknown, unknown>

export class Compilation implements SelectionContext {
  readonly schema: GraphQLSchema
  readonly query: GraphQLObjectType
  readonly views: ReadonlyMap<string, ViewPlan>
  readonly filters: FilterTypes
  readonly mostRows: number
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Also of what could not be compiled: then they say for which requests that holds. */
  readonly guards: Guard[] = []
  readonly holes: Hole[] = []
  readonly #binding: Binding
  readonly #sites: Site[] = []
  #aliases = 0

  constructor(
    parts: Compiling,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    binding: Binding,
  ) {
    this.schema = parts.schema
    this.query = parts.query
    this.views = parts.views
    this.filters = parts.filters
    this.mostRows = parts.mostRows
    this.fragments = fragments
    this.#binding = binding
  }

  plan(text: string): TextPlan {
    return {
      kind: this.holes.length === 0 ? 'text' : 'holes',
      template: new Template(text, this.#sites),
      holes: this.holes,
    }
  }

  get store(): SqlStore {
    return this.#binding.store
  }

  get variables(): Variables {
    return this.#binding.variables
  }

  /** A variable that decides what is selected. */
  decided(variable: string): void {
    this.structure({ known: false }, ({ variables }) => plain(variables.coerced[variable]))
  }

  /** A value that the structure depends on. */
  structure<P extends Plain>(
    { known }: { readonly known: boolean },
    read: (binding: Binding) => P,
  ): P {
    const value = read(this.#binding)
    if (!known) this.guards.push({ read, value })
    return value
  }

  /** SQL that is written for each request. */
  site(write: Site): string {
    return siteMark(this.#sites.push(write) - 1)
  }

  arguments(field: Field, { nodes }: SelectedField): FieldArguments {
    const node = nodes[0] as FieldNode
    if (node.arguments?.some(({ value }) => hasVariable(value))) {
      return { known: false, of: (binding) => binding.arguments(field, node) }
    }
    const args = this.#binding.arguments(field, node)
    return { known: true, of: () => args }
  }

  /** The rows that whoever asks may see, of those the ones that the filter names. */
  where(
    meta: EntityMeta,
    alias: string,
    filter?: (binding: Binding) => unknown,
  ): (binding: Binding) => string {
    return (binding) => {
      const { store, parameters } = binding
      const given = filter?.(binding)
      const condition = given === undefined ? binding.visible(meta) : store.where(meta, given)
      const { tableOf } = store
      return whereSql(condition, tableOf(meta), alias, { parameters, tableOf })
    }
  }

  table(meta: EntityMeta): Table {
    return this.store.tableOf(meta)
  }

  columnSql(meta: EntityMeta, name: string, alias: string): string {
    const [column] = this.table(meta).columns(name)
    return `${alias}.${quote((column as Column).name)}`
  }

  viewOf(type: GraphQLOutputType): ViewPlan {
    const { name } = getNamedType(type)
    const view = this.views.get(name)
    if (!view) throw new NotText(`${name} is no view`)
    return view
  }

  objectOf(type: GraphQLOutputType): GraphQLObjectType {
    const named = getNamedType(type)
    if (!isObjectType(named)) throw new NotText(`${named.name} is no object`)
    return named
  }

  alias(): string {
    return `r${this.#aliases++}`
  }
}

function hasVariable(value: ValueNode): boolean {
  switch (value.kind) {
    case Kind.VARIABLE:
      return true
    case Kind.LIST:
      return value.values.some(hasVariable)
    case Kind.OBJECT:
      return value.fields.some((field) => hasVariable(field.value))
    default:
      return false
  }
}

/** Of a condition: true, false, or what is neither and refused. */
function plain(value: unknown): Plain {
  return typeof value === 'boolean' ? value : undefined
}
