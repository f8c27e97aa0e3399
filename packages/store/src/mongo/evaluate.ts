/**
 * Conditions over rows that are here already: for rules before and after a write, and for rows that events carry. Means
 * exactly what `query.ts` compiles; relations are asked of the database, for these rows' keys alone.
 */
import type {
  Compare,
  Condition,
  EntityMeta,
  FieldDefinition,
  RelationMeta,
  Values,
} from '@typestead/entity'
import { keyText } from '../hydrate.ts'
import { decimalKey } from './decimal-key.ts'
import { encodeKey, encodeValue, keyIn } from './documents.ts'
import { keysOfRelated, namingPath, type ReadPath } from './resolve.ts'

/** For each row whether it fulfils the condition. */
export async function matching(
  read: ReadPath,
  meta: EntityMeta,
  condition: Condition,
  rows: readonly Values[],
): Promise<boolean[]> {
  switch (condition.op) {
    case 'always':
    case 'never':
      return rows.map(() => condition.op === 'always')
    case 'and':
    case 'or': {
      let answers = rows.map(() => condition.op === 'and')
      for (const one of condition.of) {
        const next = await matching(read, meta, one, rows)
        answers = answers.map((answer, index) =>
          condition.op === 'and' ? answer && next[index] === true : answer || next[index] === true,
        )
      }
      return answers
    }
    case 'not':
      return (await matching(read, meta, condition.of, rows)).map((answer) => !answer)
    case 'compare':
      return rows.map((row) => compares(condition, row))
    case 'key': {
      const { target, name } = condition.relation
      const keys = condition.operator === 'eq' ? [condition.value] : (condition.value as unknown[])
      const wanted = new Set(keys.map((key) => keyText(encodeKey(target, key))))
      return rows.map(
        (row) => isSet(row[name]) && wanted.has(keyText(encodeKey(target, row[name]))),
      )
    }
    case 'isNull':
      return rows.map((row) => !isSet(row[condition.relation.name]))
    case 'related':
      return related(read, meta, condition, rows)
    case 'when':
      throw new TypeError('when() must be bound before a query is compiled')
  }
}

async function related(
  read: ReadPath,
  meta: EntityMeta,
  condition: Extract<Condition, { op: 'related' }>,
  rows: readonly Values[],
): Promise<boolean[]> {
  const { relation, quantifier } = condition
  const where: Condition =
    quantifier === 'every' ? { op: 'not', of: condition.where } : condition.where
  const names = rows.map((row) => nameOf(meta, relation, row))
  const near = names.filter((name) => name !== null)
  const keys =
    near.length === 0
      ? []
      : await keysOfRelated(read, relation, where, { [namingPath(relation)]: { $in: near } })
  const found = new Set(keys.map(keyText))
  const some = names.map((name) => name !== null && found.has(keyText(name)))
  return quantifier === 'some' ? some : some.map((answer) => !answer)
}

/** What names a row's other side: its link, or its own key. */
function nameOf(meta: EntityMeta, relation: RelationMeta, row: Values): unknown {
  if (relation.kind === 'belongsTo') return encodeKey(relation.target, row[relation.name])
  return encodeKey(meta, keyIn(meta, row))
}

function compares(compare: Compare, row: Values): boolean {
  const { definition, operator, value } = compare
  const mine = compare.path.reduce<unknown>(
    (at, name) => (isSet(at) ? (at as Values)[name] : null),
    row[compare.field],
  )
  if (operator === 'eq') return same(definition, mine, value)
  if (operator === 'in') return (value as unknown[]).some((one) => same(definition, mine, one))
  if (!isSet(mine)) return false
  switch (operator) {
    case 'lt':
      return orderOf(definition, mine, value) < 0
    case 'lte':
      return orderOf(definition, mine, value) <= 0
    case 'gt':
      return orderOf(definition, mine, value) > 0
    case 'gte':
      return orderOf(definition, mine, value) >= 0
    case 'has':
      return (mine as unknown[]).some((item) =>
        same(definition.item as FieldDefinition, item, value),
      )
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return hasPart(operator, String(mine), String(value), compare.ignoreCase)
    default:
      throw new TypeError(`the operator ${operator} does not stand in a condition`)
  }
}

function same(definition: FieldDefinition, a: unknown, b: unknown): boolean {
  if (!isSet(a) || !isSet(b)) return !isSet(a) && !isSet(b)
  if (definition.type === 'decimal') return decimalKey(a as string) === decimalKey(b as string)
  return textOf(definition, a) === textOf(definition, b)
}

/** Equal values have equal texts: the stored form as JSON, where keys have one order. */
function textOf(definition: FieldDefinition, value: unknown): string {
  if (definition.type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64')
  return keyText(
    JSON.stringify(encodeValue(definition, value), (_, part) =>
      typeof part === 'bigint' ? `${part}n` : part,
    ),
  )
}

function orderOf(definition: FieldDefinition, a: unknown, b: unknown): number {
  if (definition.type === 'decimal')
    return compareText(decimalKey(a as string), decimalKey(b as string))
  if (typeof a === 'string') return compareText(a, b as string)
  // Numbers, bigints, booleans and dates all compare by their value.
  const left = a as number
  const right = b as number
  return left < right ? -1 : left > right ? 1 : 0
}

/** By code point; JavaScript's own order is by UTF-16 unit. */
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function hasPart(
  operator: 'contains' | 'startsWith' | 'endsWith',
  text: string,
  part: string,
  ignoreCase: boolean,
): boolean {
  const escaped = part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const pattern = `${operator === 'startsWith' ? '^' : ''}${escaped}${operator === 'endsWith' ? '$' : ''}`
  return new RegExp(pattern, ignoreCase ? 'iv' : 'v').test(text)
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined
}
