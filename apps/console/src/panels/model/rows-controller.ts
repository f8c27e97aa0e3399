/**
 * The rows of one entity: pages by keyset cursor that are added while one scrolls, the one that is open, and what is
 * written to them. What was written shows in the list at once; another filter or start of the server loads anew.
 */
import {
  batch,
  type Cell,
  cell,
  computed,
  debounce,
  ever,
  PageController,
  type Readable,
  type Resource,
  resource,
} from '@typestead/screens'
import type { RelationSource } from '@typestead/screens/forms'
import type { LiveManager } from '../../server/live-manager.ts'
import { ServerError } from '../../server/server-error.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import { steady } from '../../server/steady.ts'
import { type EntityShape, entityIn, keyText, type ModelShape, type Row } from './entities.ts'
import { orderOf, type RowFilter, whereOf } from './row-filter.ts'
import { parameters, type RowsPage, relationSources, rowsPath } from './rows-request.ts'

export interface RowsQuery extends RowFilter {
  readonly order: string | undefined
}

interface RowEvent {
  readonly entity: string
  readonly op: 'create' | 'update' | 'delete'
  readonly key: string
}

const pageSize = 60
const typingMilliseconds = 200

export class RowsController extends PageController {
  readonly name: string
  readonly model: Resource<ModelShape>
  readonly entity: Readable<EntityShape | undefined>
  readonly #server: ServerManager
  readonly #live: LiveManager
  /** Asked for, once typing has paused. */
  readonly #asked: Cell<RowsQuery | undefined>
  #first: Resource<RowsPage> | undefined
  /** Pages after the first one. */
  readonly #more = cell<readonly RowsPage[]>([])
  readonly #written = cell<ReadonlyMap<string, Row | 'deleted'>>(new Map())
  readonly #created = cell<readonly Row[]>([])
  readonly #adding = cell(false)
  /** Keys of rows that were made since these were loaded, by whomever. */
  readonly #made = cell<readonly string[]>([])
  readonly #problem = cell<unknown>(undefined)

  constructor(server: ServerManager, live: LiveManager, name: string) {
    super()
    this.name = name
    this.#server = server
    this.#live = live
    this.#asked = cell<RowsQuery | undefined>(undefined, { equals: sameQuery })
    this.model = steady(
      resource((signal) => {
        live.opened.value
        return server.ask<ModelShape>('/model', { signal })
      }),
    )
    this.entity = computed(() => {
      const model = this.model.value.value
      return model === undefined ? undefined : entityIn(model, name)
    })
  }

  /** Calls `work` when other rows are asked for, not only more of them. */
  onAsked(work: () => void): void {
    this.own(ever(this.#asked, work))
  }

  /** What others write shows here too, where it stands. */
  protected override onInit(): void {
    const source = new EventSource('/_typestead/events?topics=rows')
    this.own(() => source.close())
    source.addEventListener('rows', ({ data }) => {
      const { entity, op, key } = JSON.parse(data) as RowEvent // the workbench sends these
      if (entity === this.name) void this.#happened(op, key)
    })
  }

  /** Follows the address; belongs to the view. */
  follow(query: Readable<RowsQuery>): Resource<RowsPage> {
    this.#asked.set(query.peek())
    this.own(debounce(query, typingMilliseconds, (now) => this.#asked.set(now)))
    this.#first = resource(async (signal) => {
      this.#live.opened.value
      const asked = this.#asked.value
      const entity = this.entity.value
      if (entity === undefined || asked === undefined)
        return { rows: [], cursors: [], hasNext: false }
      const page = await this.#ask(entity, asked, undefined, signal)
      batch(() => {
        this.#more.set([])
        this.#created.set([])
        this.#written.set(new Map())
        this.#made.set([])
        this.#problem.set(undefined)
      })
      return page
    })
    return this.#first
  }

  readonly rows: Readable<readonly Row[]> = computed(() => {
    const written = this.#written.value
    const pages = [this.#first?.value.value, ...this.#more.value]
    const loaded = pages.flatMap((page) => page?.rows ?? [])
    const all = [...this.#created.value, ...loaded]
    return all.flatMap((row) => {
      const now = written.get(keyText(row.key)) ?? row
      return now === 'deleted' ? [] : [now]
    })
  })

  readonly total: Readable<number | undefined> = computed(() => {
    const total = this.#first?.value.value?.total
    if (total === undefined) return undefined
    const deleted = [...this.#written.value.values()].filter((one) => one === 'deleted').length
    return total + this.#created.value.length - deleted
  })

  /** Rows that were made elsewhere and are not shown yet; this page's own are here. */
  readonly elsewhere: Readable<number> = computed(() => {
    const here = new Set(this.rows.value.map(({ key }) => keyText(key)))
    return this.#made.value.filter((key) => !here.has(key)).length
  })

  readonly loading: Readable<boolean> = computed(
    () => this.#adding.value || this.#first?.loading.value === true || this.model.loading.value,
  )

  readonly problem: Readable<unknown> = computed(
    () => this.#problem.value ?? this.#first?.error.value ?? this.model.error.value,
  )

  readonly retry = (): void => {
    this.model.reload()
    this.#first?.reload()
  }

  /** The page after the last one that is here. */
  readonly more = async (): Promise<void> => {
    const entity = this.entity.peek()
    const asked = this.#asked.peek()
    const last = this.#more.peek().at(-1) ?? this.#first?.value.peek()
    if (
      entity === undefined ||
      asked === undefined ||
      last?.hasNext !== true ||
      this.#adding.peek()
    )
      return
    this.#adding.set(true)
    try {
      const page = await this.#ask(entity, asked, last.cursors.at(-1), this.signal)
      // Meanwhile the rows may have been loaded anew.
      const now = this.#more.peek().at(-1) ?? this.#first?.value.peek()
      if (now === last) this.#more.update((pages) => [...pages, page])
      this.#problem.set(undefined)
    } catch (error) {
      if (!this.signal.aborted) this.#problem.set(error)
    } finally {
      this.#adding.set(false)
    }
  }

  get(key: string, signal: AbortSignal): Promise<Row> {
    return this.#server.ask<Row>(this.#path(key), { signal })
  }

  async create(values: object, signal: AbortSignal): Promise<Row> {
    const row = await this.#server.ask<Row>(this.#path(), { body: { values }, signal })
    this.#created.update((rows) => [row, ...rows])
    return row
  }

  async update(key: string, values: object, version: unknown, signal: AbortSignal): Promise<Row> {
    const body = { values, ...(typeof version === 'number' ? { version } : {}) }
    const row = await this.#server.ask<Row>(this.#path(key), { method: 'PATCH', body, signal })
    this.#write(key, row)
    return row
  }

  async delete(key: string): Promise<void> {
    await this.#server.ask<Row>(this.#path(key), { method: 'DELETE', signal: this.signal })
    this.#write(key, 'deleted')
  }

  /** Where a form's pickers find the rows that this entity's rows belong to. */
  relations(): Readonly<Record<string, RelationSource>> {
    return relationSources(this.#server, this.model.value.peek(), this.entity.peek())
  }

  async #happened(op: RowEvent['op'], key: string): Promise<void> {
    if (op === 'create') {
      this.#made.update((keys) => [...keys, key])
    } else if (op === 'delete') {
      this.#write(key, 'deleted')
    } else if (this.rows.peek().some((row) => keyText(row.key) === key)) {
      try {
        this.#write(key, await this.get(key, this.signal))
      } catch (error) {
        // Deleted meanwhile, which is told next; or the server is away, which the shell says.
        if (!(error instanceof ServerError) && !this.signal.aborted) throw error
      }
    }
  }

  #ask(
    entity: EntityShape,
    asked: RowsQuery,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<RowsPage> {
    const search = parameters({
      where: whereOf(entity, asked),
      order: orderOf(asked.order),
      after,
      first: pageSize,
      count: after === undefined ? 1 : undefined,
    })
    return this.#server.ask<RowsPage>(`${this.#path()}?${search}`, { signal })
  }

  #path(key?: string): string {
    return rowsPath(this.name, key)
  }

  #write(key: string, now: Row | 'deleted'): void {
    this.#written.update((before) => new Map(before).set(key, now))
  }
}

function sameQuery(a: RowsQuery | undefined, b: RowsQuery | undefined): boolean {
  const of = (query: RowsQuery | undefined) =>
    query && [query.field, query.compare, query.value, query.order]
  return JSON.stringify(of(a)) === JSON.stringify(of(b))
}
