/** What one request brings to a plan: the values of its variables, who asks, and the parameters that come of them. */
import type { EntityMeta } from '@typestead/entity'
import { type Condition, Parameters, type SqlStore } from '@typestead/store/sql'
import { type FieldNode, GraphQLError, type GraphQLField, getArgumentValues } from 'graphql'
import { NotText } from './not-text.ts'
import type { Variables } from './variables.ts'

export type Arguments = Readonly<Record<string, unknown>>

export class Binding {
  readonly parameters = new Parameters()
  readonly store: SqlStore
  readonly variables: Variables
  /** Of a row that was just written: the texts of its key's columns. */
  readonly key: readonly (string | null)[]
  readonly #arguments = new Map<FieldNode, Arguments>()
  readonly #visible = new Map<EntityMeta, Condition>()

  constructor(store: SqlStore, variables: Variables, key: readonly (string | null)[] = []) {
    this.store = store
    this.variables = variables
    this.key = key
  }

  /** @throws {NotText} for a value that GraphQL refuses: the general plan tells it */
  arguments(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments {
    let args = this.#arguments.get(node)
    if (!args) {
      try {
        args = getArgumentValues(field, node, this.variables.forArguments) as Arguments
      } catch (error) {
        if (error instanceof GraphQLError) throw new NotText(error.message)
        throw error
      }
      this.#arguments.set(node, args)
    }
    return args
  }

  /** The rows that whoever asks may see. */
  visible(meta: EntityMeta): Condition {
    let condition = this.#visible.get(meta)
    if (!condition) {
      condition = this.store.visible(meta)
      this.#visible.set(meta, condition)
    }
    return condition
  }
}
