/** The columns of an entity's table: a field added to the entity is there without another edit. */
import type { TableColumn } from '../dom/data-table.ts'
import { type FieldShape, type FormEntity, labelOf } from './descriptor.ts'

export interface ColumnsOptions {
  readonly labels?: Readonly<Record<string, string>>
  readonly omit?: readonly string[]
  /** For dates and numbers; the reader's own by default. */
  readonly locale?: string
}

type Row = Readonly<Record<string, unknown>>

/** Every field that may be shown, and every row that is belonged to. Secrets, and what is inside others, are left out. */
export function columnsOf(
  entity: FormEntity,
  options: ColumnsOptions = {},
): readonly TableColumn<Row>[] {
  const { labels = {}, omit = [], locale } = options
  const hidden = new Set([...omit, entity.softDelete])
  const nameOf = (name: string) => labels[name] ?? labelOf(name)
  const fields = entity.fields
    .filter(({ name, secret, type }) => !hidden.has(name) && !secret && type !== 'bytes')
    .map((field): TableColumn<Row> => {
      const show = showing(field, locale)
      return {
        name: field.name,
        label: nameOf(field.name),
        align: /^(int4|int8|double|decimal)$/.test(field.type) ? 'end' : 'start',
        sortable: !/^(json|object|list)$/.test(field.type),
        show: (row) => {
          const value = row[field.name]
          return value === null || value === undefined ? '' : show(value)
        },
      }
    })
  const links = entity.relations
    .filter(({ kind, name }) => kind === 'belongsTo' && !hidden.has(name))
    .map(
      ({ name }): TableColumn<Row> => ({
        name,
        label: nameOf(name),
        show: (row) => linkText(row[name]),
      }),
    )
  return [...fields, ...links]
}

function showing(field: FieldShape, locale: string | undefined): (value: unknown) => string {
  switch (field.type) {
    case 'boolean':
      return (value) => (value === true ? 'Yes' : 'No')
    case 'enum':
      return (value) => labelOf(String(value))
    case 'int4':
    case 'double': {
      const format = new Intl.NumberFormat(locale)
      return (value) => format.format(Number(value))
    }
    case 'datetime': {
      const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
      return (value) => format.format(value instanceof Date ? value : new Date(String(value)))
    }
    case 'json':
    case 'object':
    case 'list':
      return (value) => JSON.stringify(value)
    default:
      return String
  }
}

/** A row that is loaded goes by its title or name, one that is not by its key. */
function linkText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  const { title, name, id } = value as Row
  return String(title ?? name ?? id ?? JSON.stringify(value))
}
