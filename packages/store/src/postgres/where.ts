/**
 * Conditions as SQL. Every value is a parameter with a cast; logic is two-valued as the condition's is: what is null in
 * SQL counts as false, so `not x` is `(x) is not true`.
 */
import type { Compare, Condition, FieldDefinition, Related, RelationMeta } from '@typestead/entity'
import { arrayLiteral, encode, isArray, sqlType } from './column-type.ts'
import { linkColumns, quote, type Table } from './table.ts'

/** Collects values and hands out `$1`, `$2`, … */
export class Parameters {
  readonly values: (string | null)[] = []

  add(value: string | null, type: string): string {
    this.values.push(value)
    return `$${this.values.length}::${type}`
  }
}

export interface WhereContext {
  readonly parameters: Parameters
  tableOf(meta: RelationMeta['target']): Table
  /** The SQL for `current(name)` and `when`, where conditions are compiled for policies; otherwise they are bound before. */
  current?(name: string, type: string): string
  /** The number of the next alias. */
  depth?: number
}

/** SQL of the condition over the row that `alias` stands for. */
export function whereSql(
  condition: Condition,
  table: Table,
  alias: string,
  context: WhereContext,
): string {
  switch (condition.op) {
    case 'always':
      return 'true'
    case 'never':
      return 'false'
    case 'and':
    case 'or':
      return `(${condition.of.map((one) => whereSql(one, table, alias, context)).join(` ${condition.op} `)})`
    case 'not':
      return `(${whereSql(condition.of, table, alias, context)}) is not true`
    case 'compare':
      return compareSql(condition, table, alias, context)
    case 'key':
      return keySql(condition, alias, context)
    case 'isNull':
      return `${alias}.${quote(linkColumns(condition.relation)[0]?.name ?? '')} is null`
    case 'related':
      return relatedSql(condition, table, alias, context)
    case 'when': {
      const parts = Object.entries(condition.values).map(
        ([name, value]) =>
          `${currentSql(context, name, 'text')} = ${context.parameters.add(String(value), 'text')}`,
      )
      return parts.length === 0 ? 'true' : `(${parts.join(' and ')})`
    }
  }
}

function compareSql(compare: Compare, table: Table, alias: string, context: WhereContext): string {
  const { definition, operator, value } = compare
  const [column] = table.columns(compare.field)
  const base = `${alias}.${quote(column?.name ?? '')}`
  const inside = compare.path.length > 0
  const left = inside ? insideSql(base, compare.path, definition) : base
  const type =
    inside && (definition.type === 'list' || definition.type === 'object')
      ? 'jsonb'
      : sqlType(definition)
  if (isCurrentValue(value)) return `${left} = ${currentSql(context, value.$current, type)}`
  if (value === null) return `${inside ? `${base} #>> ${pathSql(compare.path)}` : left} is null`
  switch (operator) {
    case 'eq':
      return `${left} = ${context.parameters.add(operand(definition, value, type), castType(type))}`
    case 'in': {
      const values = value as unknown[]
      const known = values
        .filter((one) => one !== null)
        .map((one) => operand(definition, one, type))
      const any = `${left} = any(${context.parameters.add(arrayLiteral(known), `${castType(type)}[]`)})`
      return known.length === values.length ? any : `(${left} is null or ${any})`
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return `${left} ${symbols[operator]} ${context.parameters.add(operand(definition, value, type), castType(type))}`
    case 'has':
      return hasSql(left, definition, value, inside, context)
    case 'contains':
    case 'startsWith':
    case 'endsWith': {
      const escaped = String(value).replace(/[\\%_]/g, '\\$&')
      const pattern = `${operator === 'startsWith' ? '' : '%'}${escaped}${operator === 'endsWith' ? '' : '%'}`
      const word = compare.ignoreCase ? 'collate "default" ilike' : 'like'
      return `${left} ${word} ${context.parameters.add(pattern, 'text')}`
    }
    default:
      throw new TypeError(`the operator ${operator} does not stand in a condition`)
  }
}

const symbols = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

/** A cast to numeric(p,s) would round the operand, and then match what it does not equal. */
function castType(type: string): string {
  return type.startsWith('numeric(') ? 'numeric' : type
}

function operand(definition: FieldDefinition, value: unknown, type: string): string | null {
  if (type !== 'jsonb' || definition.type === 'json') return encode(definition, value)
  return isArray(definition) ? JSON.stringify(value) : encode(definition, value)
}

function insideSql(base: string, path: readonly string[], definition: FieldDefinition): string {
  if (definition.type === 'object' || definition.type === 'list' || definition.type === 'json')
    return `(${base} #> ${pathSql(path)})`
  const text = `(${base} #>> ${pathSql(path)})`
  const type = sqlType(definition)
  return type === 'text' ? `${text} collate "C"` : `${text}::${type}`
}

/** The names were checked when the field was made: letters and digits only. */
function pathSql(path: readonly string[]): string {
  return `array[${path.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')}]`
}

function hasSql(
  left: string,
  list: FieldDefinition,
  value: unknown,
  inside: boolean,
  context: WhereContext,
): string {
  const item = list.item as FieldDefinition
  if (isArray(list) && !inside) {
    if (value === null) return `array_position(${left}, null) is not null`
    return `${left} @> ${context.parameters.add(arrayLiteral([encode(item, value)]), sqlType(list))}`
  }
  const json = encode({ type: 'list', schema: list.schema, item: { ...item } }, [value])
  const text = isArray(list) ? JSON.stringify([value]) : json
  return `${left} @> ${context.parameters.add(text, 'jsonb')}`
}

function keySql(
  condition: Extract<Condition, { op: 'key' }>,
  alias: string,
  context: WhereContext,
): string {
  const [column] = linkColumns(condition.relation)
  if (!column) throw new TypeError(`${condition.relation.name} keeps no key`)
  const left = `${alias}.${quote(column.name)}`
  const { value } = condition
  if (isCurrentValue(value)) return `${left} = ${currentSql(context, value.$current, column.type)}`
  if (condition.operator === 'eq')
    return `${left} = ${context.parameters.add(encode(column.definition, value), column.type)}`
  const keys = (value as unknown[]).map((one) => encode(column.definition, one))
  return `${left} = any(${context.parameters.add(arrayLiteral(keys), `${column.type}[]`)})`
}

function relatedSql(related: Related, table: Table, alias: string, context: WhereContext): string {
  const depth = (context.depth ?? 0) + 1
  const inner = `t${depth}`
  const target = context.tableOf(related.relation.target)
  const condition = whereSql(related.where, target, inner, { ...context, depth })
  const matches = `select 1 from ${target.name} ${inner} where ${joinSql(related.relation, table, alias, target, inner)}`
  if (related.quantifier === 'some') return `exists (${matches} and ${condition})`
  if (related.quantifier === 'none') return `not exists (${matches} and ${condition})`
  return `not exists (${matches} and (${condition}) is not true)`
}

/** The link between a row and the rows on the other side of a relation. */
export function joinSql(
  relation: RelationMeta,
  table: Table,
  alias: string,
  target: Table,
  inner: string,
): string {
  const here = relation.kind === 'belongsTo' ? linkColumns(relation) : table.key
  const there =
    relation.kind === 'belongsTo' ? target.key : linkColumns(relation.inverse as RelationMeta)
  return here
    .map(
      (column, index) =>
        `${inner}.${quote(there[index]?.name ?? '')} = ${alias}.${quote(column.name)}`,
    )
    .join(' and ')
}

function currentSql(context: WhereContext, name: string, type: string): string {
  if (!context.current) throw new TypeError('current() must be bound before a query is compiled')
  return context.current(name, type)
}

function isCurrentValue(value: unknown): value is { readonly $current: string } {
  return typeof value === 'object' && value !== null && '$current' in value
}
