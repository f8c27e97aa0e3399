/**
 * Who asks: the system, which sees all, or someone for whom rules and tenancy hold. From it follow the conditions that
 * are put into every query, also inside filters over relations, so that a hidden row has no influence on any answer.
 */
import {
  type Action,
  always,
  and,
  bindCurrent,
  type Condition,
  type EntityMeta,
  never,
  not,
  parseWhere,
} from '@typestead/entity'
import { StoreError } from './errors.ts'

/** The values that rules call `current(name)`. */
export type Current = Readonly<Record<string, unknown>>

export interface Scope {
  /** `null` is the system: no rules, no tenant. */
  readonly current: Current | null
  /** Rows that were deleted softly are seen too. */
  readonly withDeleted: boolean
}

export const systemScope: Scope = { current: null, withDeleted: false }

/** The rows of `meta` that exist for this scope. */
export function visible(scope: Scope, meta: EntityMeta): Condition {
  return and([live(scope, meta), own(scope, meta), ruled(scope, meta, 'read')])
}

/** The rows of `meta` that this scope may write so; to be joined with `visible` for update and delete. */
export function allowed(
  scope: Scope,
  meta: EntityMeta,
  action: Exclude<Action, 'read'>,
): Condition {
  return and([own(scope, meta), ruled(scope, meta, action)])
}

/** Not deleted softly. */
export function live(scope: Scope, meta: EntityMeta): Condition {
  const { softDelete } = meta.options
  return softDelete === undefined || scope.withDeleted
    ? always
    : parseWhere(meta, { [softDelete]: null })
}

/** A user's filter, with hidden rows taken out of every relation that it looks through. */
export function secured(scope: Scope, condition: Condition): Condition {
  switch (condition.op) {
    case 'and':
    case 'or':
      return { op: condition.op, of: condition.of.map((one) => secured(scope, one)) }
    case 'not':
      return not(secured(scope, condition.of))
    case 'related': {
      const inner = secured(scope, condition.where)
      const seen = visible(scope, condition.relation.target)
      // "every" is "there is no visible one that does not".
      if (condition.quantifier === 'every')
        return { ...condition, quantifier: 'none', where: and([seen, not(inner)]) }
      return { ...condition, where: and([seen, inner]) }
    }
    default:
      return condition
  }
}

/** The tenant that a scoped write belongs to; `undefined` where rows have none. */
export function tenantOf(
  scope: Scope,
  meta: EntityMeta,
): { readonly name: string; readonly value: unknown } | undefined {
  const name = meta.options.tenant
  if (name === undefined || scope.current === null) return undefined
  const value = Object.hasOwn(scope.current, 'tenant') ? scope.current.tenant : undefined
  if (value === undefined || value === null) {
    throw new StoreError(
      'FORBIDDEN',
      `${meta.name} belongs to tenants; say which with as({ tenant: … })`,
      { entity: meta.name },
    )
  }
  return { name, value }
}

function own(scope: Scope, meta: EntityMeta): Condition {
  if (scope.current === null || meta.options.tenant === undefined) return always
  const value = Object.hasOwn(scope.current, 'tenant') ? scope.current.tenant : undefined
  return value === undefined || value === null
    ? never
    : parseWhere(meta, { [meta.options.tenant]: value })
}

function ruled(scope: Scope, meta: EntityMeta, action: Action): Condition {
  const rule = meta.rules[action]
  return rule === undefined || scope.current === null ? always : bindCurrent(rule, scope.current)
}
