/**
 * Columns as SQL that writes their JSON, byte for byte what `JSON.stringify` writes of the value that GraphQL's scalars
 * serialize. Where SQL cannot, the column is a hole: its value is sent as it is and written by JavaScript.
 */
import type { FieldDefinition } from '@typestead/entity'
import { isArray } from '@typestead/store/sql'

/** SQL for a value that is not null, or `undefined` where only JavaScript can write it. */
export function jsonSql(definition: FieldDefinition, value: string): string | undefined {
  switch (definition.type) {
    case 'uuid':
    case 'date':
    case 'int8':
    case 'decimal':
      return `'"' || ${value}::text || '"'`
    case 'text':
    case 'enum':
      // PostgreSQL escapes exactly what JSON.stringify does, and holds neither U+0000 nor lone surrogates.
      return `to_json(${value})::text`
    case 'int4':
      return `${value}::text`
    case 'double':
      return doubleSql(value)
    case 'boolean':
      return `case when ${value} then 'true' else 'false' end`
    case 'datetime':
      return datetimeSql(value)
    case 'bytes':
      return `'"' || translate(encode(${value}, 'base64'), E'\\n', '') || '"'`
    case 'list':
      return listSql(definition, value)
    default:
      return undefined
  }
}

/** Years of four digits are written alike; others fail here, and the general plan says what GraphQL says of them. */
function datetimeSql(value: string): string {
  return (
    `case when ${value} >= '0001-01-01Z' and ${value} < '10000-01-01Z' ` +
    `then '"' || to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"' ` +
    `else ('no year of four digits: ' || ${value})::int::text end`
  )
}

/**
 * JavaScript writes doubles without an exponent from 1e-6 to 1e21 (ECMA-262, Number::toString), PostgreSQL for a shorter range;
 * the digits are the same, both being the shortest that read back. What is not finite cannot be written: the cast fails,
 * and the general plan says what GraphQL says of it.
 */
function doubleSql(value: string): string {
  return (
    `case when ${value} = 0 then '0' ` +
    `when abs(${value}) >= 1e-6 and abs(${value}) < 1e21 then trim_scale((${value}::text)::numeric)::text ` +
    `when ${value} in ('NaN', 'Infinity', '-Infinity') then ('not finite: ' || ${value})::int::text ` +
    `else regexp_replace(${value}::text, 'e([+-])0', 'e\\1') end`
  )
}

function listSql(list: FieldDefinition, value: string): string | undefined {
  const { item } = list
  if (!item || !isArray(list)) return undefined
  const one = jsonSql(item, 'i.v')
  if (one === undefined) return undefined
  // An item that must not be null is an error of GraphQL's, which the general plan tells.
  const missing = item.nullable ? `'null'` : `('null at ' || i.n)::int::text`
  const written = `case when i.v is null then ${missing} else ${one} end`
  return `(select '[' || coalesce(string_agg(${written}, ',' order by i.n), '') || ']' from unnest(${value}) with ordinality as i(v, n))`
}
