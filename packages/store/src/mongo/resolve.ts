/**
 * Conditions over relations, looked up from the inside out: one projected query for each relation that a condition goes
 * through gives the keys of the rows on the other side, and the outer condition asks for these. No `$lookup` is needed.
 * The queries of one condition see the database one after the other; only a transaction makes them one moment.
 */
import type { Condition, EntityMeta, Related, RelationMeta } from '@typestead/entity'
import { StoreError } from '../errors.ts'
import { pathOf } from './documents.ts'
import { allOf, type Filter, filterOf, type Resolved, visibleAnd } from './query.ts'

/** More rows than this on the inner side of a relation are refused. */
const maximumKeys = 100_000

/** The different values of one path in the documents that the filter finds; stops at `limit` of them. */
export type ReadPath = (
  meta: EntityMeta,
  filter: Filter,
  path: string,
  limit: number,
) => Promise<unknown[]>

/** The condition with every relation replaced by the keys that it comes to. */
export async function resolve(
  read: ReadPath,
  meta: EntityMeta,
  condition: Condition,
): Promise<Resolved> {
  switch (condition.op) {
    case 'and':
    case 'or': {
      const of: Resolved[] = []
      for (const one of condition.of) of.push(await resolve(read, meta, one))
      return { op: condition.op, of }
    }
    case 'not':
      return { op: 'not', of: await resolve(read, meta, condition.of) }
    case 'related':
      return resolveRelated(read, condition)
    case 'when':
      throw new TypeError('when() must be bound before a query is compiled')
    default:
      return condition
  }
}

async function resolveRelated(read: ReadPath, related: Related): Promise<Resolved> {
  const { relation, quantifier, where } = related
  if (quantifier === 'every') {
    const others = { ...related, quantifier: 'none', where: { op: 'not', of: where } } as const
    return resolveRelated(read, others)
  }
  const found = await relatedKeys(read, relation, where)
  return quantifier === 'none' ? { op: 'not', of: found } : found
}

async function relatedKeys(
  read: ReadPath,
  relation: RelationMeta,
  where: Condition,
): Promise<Resolved> {
  if (relation.kind === 'belongsTo' && where.op === 'always')
    return { op: 'not', of: { op: 'isNull', relation } }
  const keys = await keysOfRelated(read, relation, where, {})
  return relation.kind === 'belongsTo'
    ? { op: 'keyIn', link: relation, keys }
    : { op: 'keyIn', keys }
}

/**
 * What the rows of the relation that fulfil `where` are named by in the outer rows: their own keys for a belongsTo, the
 * keys that they link to otherwise. `near` narrows the rows looked at.
 * @throws {StoreError} `UNSUPPORTED` when there are too many
 */
export async function keysOfRelated(
  read: ReadPath,
  relation: RelationMeta,
  where: Condition,
  near: Filter,
): Promise<unknown[]> {
  const { target } = relation
  const inner = filterOf(target, await resolve(read, target, where))
  const path = namingPath(relation)
  const filter = relation.kind === 'belongsTo' ? {} : { [path]: { $ne: null } }
  const keys = await read(target, visibleAnd(allOf([near, inner, filter])), path, maximumKeys + 1)
  if (keys.length > maximumKeys) {
    throw new StoreError(
      'UNSUPPORTED',
      `a condition over ${target.name} comes to more than ${maximumKeys} keys, which is more than one MongoDB query takes; narrow it, or keep what it asks for in the outer entity`,
      { entity: target.name },
    )
  }
  return keys
}

/** Where rows of the relation keep what names them in the outer rows. */
export function namingPath(relation: RelationMeta): string {
  return relation.kind === 'belongsTo'
    ? '_id'
    : pathOf(relation.target, (relation.inverse as RelationMeta).name)
}
