/** What the workbench is asked for rows, and the rows that a form's pickers offer. */
import type { RelationOption, RelationSource } from '@typestead/screens/forms'
import type { ServerManager } from '../../server/server-manager.ts'
import {
  type EntityShape,
  entityIn,
  keyText,
  labelField,
  type ModelShape,
  type Row,
  rowLabel,
} from './entities.ts'

export interface RowsPage {
  readonly rows: readonly Row[]
  readonly cursors: readonly string[]
  readonly hasNext: boolean
  readonly total?: number
}

export function rowsPath(entity: string, key?: string): string {
  const path = `/rows/${encodeURIComponent(entity)}`
  return key === undefined ? path : `${path}/${encodeURIComponent(key)}`
}

/** Objects stand as JSON; what is undefined is left out. */
export function parameters(values: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    search.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return search.toString()
}

/** A source for each relation that rows of the entity belong by. */
export function relationSources(
  server: ServerManager,
  model: ModelShape | undefined,
  entity: EntityShape | undefined,
): Readonly<Record<string, RelationSource>> {
  const links = entity?.relations.filter(({ kind }) => kind === 'belongsTo') ?? []
  return Object.fromEntries(
    links.flatMap(({ name, target }) => {
      const of = model === undefined ? undefined : entityIn(model, target)
      return of === undefined ? [] : [[name, source(server, of)]]
    }),
  )
}

function source(server: ServerManager, entity: EntityShape): RelationSource {
  const field = labelField(entity)
  const option = (row: Row): RelationOption => ({ key: row.key, label: rowLabel(entity, row) })
  return {
    search: async (text, signal) => {
      const typed = text.trim()
      const where =
        typed === '' || field === undefined
          ? undefined
          : { [field]: { contains: typed, ignoreCase: true } }
      const path = `${rowsPath(entity.name)}?${parameters({ where, first: 20 })}`
      const { rows } = await server.ask<RowsPage>(path, { signal })
      return rows.map(option)
    },
    labelOf: async (key, signal) => {
      const path = rowsPath(entity.name, keyText(key))
      return rowLabel(entity, await server.ask<Row>(path, { signal }))
    },
  }
}
