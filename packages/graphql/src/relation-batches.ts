/**
 * Relations of many rows in one query: what the resolvers of one level ask for is gathered until no more of them can run,
 * then loaded together, one query for each relation and set of arguments. Nothing is kept after it was answered, so a
 * mutation's reads see its writes.
 */
import type { EntityMeta, RelationMeta } from '@typestead/entity'
import type { Database } from '@typestead/store'

/** The part of a store's `load` that a relation's arguments make. */
export interface RelationSelection {
  readonly where?: unknown
  readonly orderBy?: unknown
  readonly first?: number
}

interface Pending {
  readonly meta: EntityMeta
  readonly relation: RelationMeta
  readonly selection: RelationSelection
  /** One for each row, however often it occurs in the answer. */
  readonly waiting: Map<
    string,
    { readonly row: object; readonly found: PromiseWithResolvers<unknown> }
  >
}

export class RelationBatches {
  readonly #db: Database
  /** By relation, then by the text of its arguments. */
  #pending = new Map<RelationMeta, Map<string, Pending>>()

  constructor(db: Database) {
    this.#db = db
  }

  /** The rows, or the one row or null, that `relation` of `row` leads to. */
  load(
    meta: EntityMeta,
    relation: RelationMeta,
    selection: RelationSelection | undefined,
    row: Readonly<Record<string, unknown>>,
  ): Promise<unknown> | null {
    const names = relation.kind === 'belongsTo' ? [relation.name] : meta.key
    if (relation.kind === 'belongsTo' && (row[relation.name] ?? null) === null) return null
    const { waiting } = this.#group(meta, relation, selection)
    const key =
      names.length === 1 ? keyText(row[names[0] as string]) : text(names.map((name) => row[name]))
    let one = waiting.get(key)
    if (!one) {
      const stub: Record<string, unknown> = {}
      for (const name of names) stub[name] = row[name]
      one = { row: stub, found: Promise.withResolvers() }
      waiting.set(key, one)
    }
    return one.found.promise
  }

  #group(
    meta: EntityMeta,
    relation: RelationMeta,
    selection: RelationSelection | undefined,
  ): Pending {
    let groups = this.#pending.get(relation)
    if (!groups) {
      if (this.#pending.size === 0) this.#dispatchSoon()
      groups = new Map()
      this.#pending.set(relation, groups)
    }
    const name = selection === undefined ? '' : text(selection)
    let pending = groups.get(name)
    if (!pending) {
      pending = { meta, relation, selection: selection ?? {}, waiting: new Map() }
      groups.set(name, pending)
    }
    return pending
  }

  /** After all microtasks: by then every resolver of the level has asked. */
  #dispatchSoon(): void {
    void Promise.resolve().then(() => process.nextTick(() => this.#dispatch()))
  }

  #dispatch(): void {
    const groups = [...this.#pending.values()].flatMap((one) => [...one.values()])
    this.#pending = new Map()
    for (const group of groups) void this.#loadGroup(group)
  }

  async #loadGroup({ meta, relation, selection, waiting }: Pending): Promise<void> {
    const all = [...waiting.values()]
    try {
      // `load` fills copies that have the key and the link only, so the answer's own rows stay as they were read.
      const rows = all.map((one) => one.row)
      const load = { [relation.name]: selection }
      await this.#db.load(meta.entity, rows as never, load as never)
      for (const { row, found } of all) {
        found.resolve((row as Record<string, unknown>)[relation.name])
      }
    } catch (error) {
      for (const { found } of all) found.reject(error)
    }
  }
}

/** A key of one part as text: the value itself, or that of the row that a reference names. */
function keyText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null) {
    // A reference has the parts of a key only; with one part it is that one's value.
    const [only, ...others] = Object.values(value)
    if (others.length === 0 && typeof only === 'string') return only
  }
  return text(value)
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part))
}
