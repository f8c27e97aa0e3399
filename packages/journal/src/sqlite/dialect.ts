/** SQLite's side of the statements. They are written for PostgreSQL; types of parameters mean nothing here and are cut off. */
import type { Dialect } from '../storage.ts'

export const sqliteDialect: Dialect = {
  kind: 'sqlite',
  table: (name) => `journal_${name}`,
  now: '$1',
  skipLocked: '',
  within: (select) => `in (${select})`,
  list: (parameter) => `select value from json_each(${parameter})`,
  rows(parameter, columns) {
    const cells = Object.keys(columns).map((name) => `value ->> '${name}' as "${name}"`)
    return `(select ${cells.join(', ')} from json_each(${parameter})) as r`
  },
  greatest: (a, b) => `max(${a}, ${b})`,
  notify: () => 'null',
}

/** The text as SQLite takes it: `?1` for `$1`, no casts. */
export function sqliteText(text: string): string {
  return text.replace(/\$(\d+)/g, '?$1').replace(/::[a-z]+/g, '')
}
