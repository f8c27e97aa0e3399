/** PostgreSQL's side of the statements. */
import type { Dialect } from '../storage.ts'

export function postgresDialect(schema: string): Dialect {
  const quoted = `"${schema.replaceAll('"', '""')}"`
  return {
    kind: 'postgres',
    table: (name) => `${quoted}.${name}`,
    // The server's clock is the one that all processes share; stable within a statement, so that indexes serve it.
    now: `coalesce($1::bigint, (extract(epoch from statement_timestamp()) * 1000)::bigint)`,
    skipLocked: 'for update skip locked',
    within: (select) => `= any(array(${select}))`,
    list: (parameter, type) =>
      `select value::${type} from json_array_elements_text(${parameter}::json)`,
    rows(parameter, columns) {
      const cells = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`)
      return `json_to_recordset(${parameter}::json) as r(${cells.join(', ')})`
    },
    greatest: (a, b) => `greatest(${a}, ${b})`,
    notify: (topic) => `pg_notify('${channelOf(schema)}', ${topic})`,
  }
}

/** The channel of NOTIFY; a plain identifier whatever the schema's name is. */
export function channelOf(schema: string): string {
  return `journal_${schema.replace(/[^a-z0-9_]/g, '_').slice(0, 50)}`
}
