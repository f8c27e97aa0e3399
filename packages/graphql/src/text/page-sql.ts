/**
 * A page of a list by cursor, with its edges, its place and its count, as one SQL expression. Rows come from one scan that
 * starts at the cursor and reads one row more than the page has, so a page costs the same wherever it stands.
 */
import type { Keyset } from '@typestead/store/sql'
import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isObjectType,
} from 'graphql'
import { jsonSql } from './json-sql.ts'
import { NotText } from './not-text.ts'
import { concat, entries, type Part, sql } from './part.ts'
import { type SelectedField, type SelectionContext, selectedFields } from './selection.ts'

export interface PageRows {
  readonly alias: string
  readonly table: string
  readonly where: string
  readonly keyset: Keyset
  /** The last rows instead of the first. */
  readonly fromEnd: boolean
  /** SQL of the page's size. */
  readonly size: string
  /** Whether cursors were given. */
  readonly after: boolean
  readonly before: boolean
}

export interface PageParts {
  readonly context: SelectionContext
  /** SQL of one row's object. */
  readonly node: (type: GraphQLOutputType, nodes: readonly FieldNode[]) => string
  /** SQL of the number of rows of the whole list. */
  readonly count: () => string
}

/** Names that no field's column can have: a row's number in its page from where the scan began, and how many were read. */
const number = '"#n"'
const read = '"#c"'

/** @throws {NotText} for orders whose cursors only JavaScript can write */
export function pageSql(
  page: PageRows,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  parts: PageParts,
): string {
  const { alias, keyset, fromEnd, size } = page
  const cursor = cursorSql(keyset, alias)
  const inside = `${alias}.${number} <= ${size}`
  const many = (one: string): Part => {
    const order = fromEnd ? ` order by ${alias}.${number} desc` : ''
    return sql(
      `'[' || coalesce(string_agg(${one}, ','${order}) filter (where ${inside}), '') || ']'`,
    )
  }
  const object = (of: GraphQLOutputType, own: readonly FieldNode[], field: FieldSql): string => {
    const named = getNamedType(of)
    if (!isObjectType(named)) throw new NotText(`${named.name} is no object`)
    const fields = selectedFields(
      named,
      own.map((node) => node.selectionSet),
      parts.context,
    )
    const written = fields.map((one) => {
      const part = one.name === '__typename' ? JSON.stringify(named.name) : field(one, named)
      return [one.key, part] as const
    })
    return concat(['{', ...entries(written), '}'])
  }
  const first = edgeCursor(cursor, `${alias}.${number} = least(1, ${size})`)
  const last = edgeCursor(cursor, `${alias}.${number} = least(${alias}.${read}, ${size})`)
  const more = truthSql(`count(*) > ${size}`)
  const pageInfo: Readonly<Record<string, Part>> = {
    hasNextPage: fromEnd ? String(page.before) : sql(more),
    hasPreviousPage: fromEnd ? sql(more) : String(page.after),
    startCursor: sql(fromEnd ? last : first),
    endCursor: sql(fromEnd ? first : last),
  }
  const edge: FieldSql = ({ name, nodes: own }, named) =>
    name === 'cursor' ? sql(`'"' || ${cursor} || '"'`) : sql(parts.node(typeOf(named, name), own))
  const connection: FieldSql = ({ name, nodes: own }, named) => {
    const of = typeOf(named, name)
    switch (name) {
      case 'edges':
        return many(object(of, own, edge))
      case 'nodes':
        return many(parts.node(of, own))
      case 'pageInfo':
        return sql(object(of, own, (one) => pageInfo[one.name] ?? 'null'))
      default:
        return sql(parts.count())
    }
  }
  const scan = `select * from ${page.table} ${alias} where ${page.where} ${keyset.order(alias, fromEnd)} limit ${size} + 1`
  const rows = `select *, row_number() over () as ${number}, count(*) over () as ${read} from (${scan}) ${alias}`
  // `having` makes it one row also where nothing is aggregated.
  return `(select ${object(type, nodes, connection)} from (${rows}) ${alias} having true)`
}

type FieldSql = (field: SelectedField, type: GraphQLObjectType) => Part

function typeOf(type: GraphQLObjectType, name: string): GraphQLOutputType {
  const field = type.getFields()[name]
  if (!field) throw new NotText(`${type.name}.${name} is no field of pages`)
  return field.type
}

function edgeCursor(cursor: string, where: string): string {
  return `coalesce('"' || min(${cursor}) filter (where ${where}) || '"', 'null')`
}

function truthSql(condition: string): string {
  return `(case when ${condition} then 'true' else 'false' end)`
}

/** base64url of `[version,order,values]`, as the store encodes it. */
function cursorSql({ terms, cursorStart }: Keyset, alias: string): string {
  const values = terms.map(({ columns, nullable }) => {
    const [column, ...others] = columns
    const value = column && jsonSql(column.definition, `${alias}."${column.name}"`)
    if (value === undefined || others.length > 0) throw new NotText('a cursor of several columns')
    return sql(nullable ? `coalesce(${value}, 'null')` : value)
  })
  const list = values.flatMap((value, index) => (index === 0 ? [value] : [',', value]))
  const json = concat([`${cursorStart}[`, ...list, ']]'])
  return `translate(encode(convert_to(${json}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`
}
