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
  /** The plan was made for an earlier request. */
  readonly cached?: boolean
  /** The statement, its values left out. */
  readonly sql?: string
  readonly milliseconds: number
  /** Of the answer, in UTF-16 code units. */
  readonly length?: number
  /** Objects in the answer: its rows; of a page, also the page and its edges. Counted while somebody looks at the plans. */
  readonly rows?: number
}

const kept = 200
/** Who looked is taken to look on for so long. */
const lookedMilliseconds = 60_000

interface Noted {
  readonly at: number
  readonly operation: OperationDefinitionNode
  readonly entry: Omit<PlanEntry, 'at' | 'operation'>
}

export class PlanLog {
  readonly #entries: Noted[] = []
  #next = 0
  #lookedUntil = 0

  /** Somebody looks at the entries, so what costs time to find out is worth it. */
  get isLookedAt(): boolean {
    return this.#lookedUntil > performance.now()
  }

  add(operation: OperationDefinitionNode, entry: Omit<PlanEntry, 'at' | 'operation'>): void {
    this.#entries[this.#next] = { at: Date.now(), operation, entry }
    this.#next = (this.#next + 1) % kept
  }

  /** The newest last. */
  entries(): readonly PlanEntry[] {
    this.#lookedUntil = performance.now() + lookedMilliseconds
    const noted = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)]
    return noted.map(({ at, operation, entry }) => ({
      at: new Date(at),
      operation: nameOf(operation),
      ...entry,
    }))
  }
}

function nameOf({ name, selectionSet }: OperationDefinitionNode): string {
  if (name) return name.value
  const fields = selectionSet.selections.map((one) => ('name' in one ? one.name.value : '…'))
  return fields.slice(0, 5).join(', ')
}
