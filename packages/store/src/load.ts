/**
 * Relations loaded into rows: one query for each relation that is named, however many rows there are, and so on for the
 * relations of those. Filters, orders and limits count for each parent.
 */
import {
  and,
  type Condition,
  type EntityMeta,
  parseWhere,
  type RelationMeta,
  storedNames,
  ValidationError,
  type Values,
} from '@typestead/entity'
import type { Session } from './backend.ts'
import { orderTerms } from './cursor.ts'
import { hydrate, keyOf, keyText } from './hydrate.ts'
import { keysCondition } from './operations.ts'
import { type Scope, secured, visible } from './scope.ts'

/** Deeper loads are refused. */
const maximumDepth = 12

interface Selected {
  readonly where?: unknown
  readonly orderBy?: unknown
  readonly first?: number
  readonly load?: unknown
}

/** @throws {ValidationError} for a name that is no relation */
export async function loadRelations(
  session: Session,
  scope: Scope,
  meta: EntityMeta,
  rows: readonly object[],
  load: unknown,
  depth = 0,
): Promise<void> {
  if (typeof load !== 'object' || load === null) refuse([], 'must be an object of relations')
  if (depth >= maximumDepth) refuse([], `relations can be loaded ${maximumDepth} deep`)
  for (const [name, selection] of Object.entries(load)) {
    if (selection === undefined || selection === false) continue
    const relation = meta.relations.get(name)
    if (!relation) refuse([name], `${meta.name} has no relation "${name}"`)
    const selected: Selected = selection === true ? {} : (selection as Selected)
    const children = await loadOne(
      session,
      scope,
      meta,
      relation,
      rows as readonly Values[],
      selected,
    )
    if (selected.load !== undefined && children.length > 0) {
      await loadRelations(session, scope, relation.target, children, selected.load, depth + 1)
    }
  }
}

async function loadOne(
  session: Session,
  scope: Scope,
  meta: EntityMeta,
  relation: RelationMeta,
  rows: readonly Values[],
  selected: Selected,
): Promise<object[]> {
  if (rows.length === 0) return []
  const { target } = relation
  const mine =
    selected.where === undefined ? [] : [secured(scope, parseWhere(target, selected.where))]
  const where = and([...mine, visible(scope, target)])
  if (relation.kind === 'belongsTo') return loadTargets(session, relation, rows, where)
  return loadChildren(session, meta, relation, rows, where, selected)
}

/** What is hidden or filtered away becomes null, as if the row pointed to none. */
async function loadTargets(
  session: Session,
  relation: RelationMeta,
  rows: readonly Values[],
  where: Condition,
): Promise<object[]> {
  const { target, name } = relation
  const keys = new Map<string, unknown>()
  for (const row of rows) {
    const link = row[name]
    if (link === null || link === undefined) continue
    const key = keyOf(target, link as Values)
    keys.set(keyText(key), key)
  }
  const found = new Map<string, object>()
  if (keys.size > 0) {
    const condition = and([keysCondition(target, [...keys.values()]), where])
    const names = storedNames(target)
    const values =
      condition.op === 'never'
        ? []
        : await session.select({ meta: target, where: condition, order: [], names })
    for (const one of values) found.set(keyText(keyOf(target, one)), hydrate(target, one))
  }
  for (const row of rows) {
    const link = row[name]
    if (link === null || link === undefined) continue
    row[name] = found.get(keyText(keyOf(target, link as Values))) ?? null
  }
  return [...found.values()]
}

async function loadChildren(
  session: Session,
  meta: EntityMeta,
  relation: RelationMeta,
  rows: readonly Values[],
  where: Condition,
  selected: Selected,
): Promise<object[]> {
  const { target, name, kind } = relation
  const link = relation.inverse
  if (!link) throw new TypeError(`${meta.name}.${name} has no other side`)
  const keys = rows.map((row) => keyOf(meta, row))
  const limit = kind === 'hasOne' ? 1 : selected.first
  const groups =
    where.op === 'never'
      ? keys.map(() => [])
      : await session.selectRelated({
          meta: target,
          where,
          order: orderTerms(target, selected.orderBy),
          names: storedNames(target),
          link,
          keys,
          ...(limit === undefined ? {} : { limit }),
        })
  const children: object[] = []
  for (const [index, row] of rows.entries()) {
    const group = (groups[index] ?? []).map((values) => hydrate(target, values))
    row[name] = kind === 'hasOne' ? (group[0] ?? null) : group
    for (const child of group) children.push(child)
  }
  return children
}

function refuse(path: string[], message: string): never {
  throw new ValidationError([{ path, message }], 'load')
}
