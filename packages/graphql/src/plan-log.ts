/** How the latest operations were answered: for logs and for people who look why one is slow. Bounded; values are never kept. */
import type { OperationDefinitionNode } from 'graphql'

export interface PlanEntry {
  readonly at: Date
  /** The operation's name, or its root fields. */
  readonly operation: string
  /** One statement (`text`), one with functions of columns filled in (`holes`), or graphql-js with batches (`general`). */
  readonly kind: 'text' | 'holes' | 'general'
  /** Why the plan is general. */
  readonly reason?: string
  /** The statement, its values left out. */
  readonly sql?: string
  readonly milliseconds: number
  /** Of the answer, in UTF-16 code units. */
  readonly length?: number
}

const kept = 200

export class PlanLog {
  readonly #entries: PlanEntry[] = []
  #next = 0

  add(operation: OperationDefinitionNode, entry: Omit<PlanEntry, 'at' | 'operation'>): void {
    this.#entries[this.#next] = { at: new Date(), operation: nameOf(operation), ...entry }
    this.#next = (this.#next + 1) % kept
  }

  /** The newest last. */
  entries(): readonly PlanEntry[] {
    return [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)]
  }
}

const names = new WeakMap<OperationDefinitionNode, string>()

function nameOf(operation: OperationDefinitionNode): string {
  const known = names.get(operation)
  if (known !== undefined) return known
  const fields = operation.selectionSet.selections.map((one) =>
    'name' in one ? one.name.value : '…',
  )
  const name = operation.name?.value ?? fields.slice(0, 5).join(', ')
  names.set(operation, name)
  return name
}
