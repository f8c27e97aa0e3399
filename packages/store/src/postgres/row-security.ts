/**
 * Rules as policies of the database: a second wall behind the conditions that every query carries. Scoped statements run as
 * the role `typestead_rules`, for which the policies hold; `current(name)` is the setting `typestead.<name>` of the transaction.
 */
import {
  type Action,
  and,
  type Condition,
  type EntityMeta,
  type Model,
  parseWhere,
} from '@typestead/entity'
import { StoreError } from '../errors.ts'
import type { Statement } from './select.ts'
import { type Step, safe } from './step.ts'
import { literal, type Table } from './table.ts'
import { Parameters, type WhereContext, whereSql } from './where.ts'

export const rulesRole = 'typestead_rules'

/** The names that rules call `current(name)`, and those of `when`. */
export function namesInRules(model: Model): readonly string[] {
  const names = new Set<string>()
  const look = (condition: Condition): void => {
    if (condition.op === 'and' || condition.op === 'or') condition.of.forEach(look)
    else if (condition.op === 'not') look(condition.of)
    else if (condition.op === 'related') look(condition.where)
    else if (condition.op === 'when')
      for (const name of Object.keys(condition.values)) names.add(name)
    else if ('value' in condition && isCurrent(condition.value)) names.add(condition.value.$current)
  }
  for (const meta of model.metas) {
    if (meta.options.tenant !== undefined) names.add('tenant')
    for (const rule of Object.values(meta.rules)) look(rule)
  }
  return [...names]
}

function isCurrent(value: unknown): value is { readonly $current: string } {
  return typeof value === 'object' && value !== null && '$current' in value
}

/** @throws {StoreError} `UNSUPPORTED` for a name that no setting of PostgreSQL can have */
export function assertSettings(names: readonly string[]): void {
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
  if (odd === undefined) return
  throw new StoreError(
    'UNSUPPORTED',
    `row-level security cannot know current("${odd}"): use letters, digits and _ in its name`,
  )
}

/** The statement that makes a transaction act for someone: every name of the rules is set, a missing one to nothing. */
export function actAs(
  names: readonly string[],
  current: Readonly<Record<string, unknown>>,
): Statement {
  const settings = names.map((name) => {
    const value = Object.hasOwn(current, name) ? current[name] : undefined
    const known =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    // A setting cannot hold U+0000; no row has it either.
    const text = known && !String(value).includes('\0') ? String(value) : ''
    return `set_config(${literal(`typestead.${name}`)}, ${literal(text)}, true)`
  })
  return {
    text: `select ${[...settings, `set_config('role', '${rulesRole}', true)`].join(', ')}`,
    values: [],
  }
}

/** The statement that makes it act for the system again. */
export const actAsSystem: Statement = {
  text: `select set_config('role', 'none', true)`,
  values: [],
}

/** Steps that bring all policies to the model; they are made anew each time, since rules are only compared as a whole. */
export function policySteps(
  model: Model,
  tableOf: (meta: EntityMeta) => Table,
  wanted: boolean,
  were: boolean,
): Step[] {
  if (!wanted) return were ? model.metas.flatMap((meta) => disable(tableOf(meta))) : []
  const create = `do $$ begin
  if not exists (select from pg_roles where rolname = '${rulesRole}') then create role ${rulesRole} nologin; end if;
  execute format('grant ${rulesRole} to %I', current_user);
  execute format('grant usage on schema %I to ${rulesRole}', current_schema());
end $$`
  return [
    safe('the role that rules hold for', create),
    ...model.metas.flatMap((meta) => enable(meta, tableOf)),
  ]
}

function enable(meta: EntityMeta, tableOf: (meta: EntityMeta) => Table): Step[] {
  const { name } = tableOf(meta)
  const read = policySql(meta, 'read', tableOf)
  const update = policySql(meta, 'update', tableOf)
  const policies = [
    `create policy typestead_read on ${name} for select to ${rulesRole} using (${read})`,
    `create policy typestead_create on ${name} for insert to ${rulesRole} with check (${policySql(meta, 'create', tableOf)})`,
    `create policy typestead_update on ${name} for update to ${rulesRole} using (${update}) with check (${update})`,
    `create policy typestead_delete on ${name} for delete to ${rulesRole} using (${policySql(meta, 'delete', tableOf)})`,
  ]
  const statements = [
    `grant select, insert, update, delete on ${name} to ${rulesRole}`,
    `alter table ${name} enable row level security`,
    ...drop(name),
    ...policies,
  ]
  return statements.map((statement) => ({
    ...safe(`rules of ${meta.name} in the database`, statement),
    entity: meta.name,
  }))
}

function disable({ name, meta }: Table): Step[] {
  return [...drop(name), `alter table ${name} disable row level security`].map((statement) => ({
    ...safe(`rules of ${meta.name} only in queries`, statement),
    entity: meta.name,
  }))
}

function drop(name: string): string[] {
  return ['read', 'create', 'update', 'delete'].map(
    (action) => `drop policy if exists typestead_${action} on ${name}`,
  )
}

function policySql(meta: EntityMeta, action: Action, tableOf: (meta: EntityMeta) => Table): string {
  const { tenant } = meta.options
  const own = tenant === undefined ? [] : [tenantCondition(meta, tenant)]
  const rule = meta.rules[action]
  const condition = and([...own, ...(rule ? [rule] : [])])
  const parameters = new Parameters()
  const context: WhereContext = {
    parameters,
    tableOf,
    current: (name, type) => settingSql(name, type),
  }
  const sql = whereSql(condition, tableOf(meta), tableOf(meta).name, context)
  // Policies take no parameters; the values are constants of the rule.
  return sql.replace(/\$(\d+)/g, (_, number: string) => {
    const value = parameters.values[Number(number) - 1]
    return value === null || value === undefined ? 'null' : literal(value)
  })
}

/** The forms of texts that can be cast; anything else is as if it were not there, as in queries. */
const forms: Readonly<Record<string, string>> = {
  uuid: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  integer: '^-?[0-9]{1,9}$',
  bigint: '^-?[0-9]{1,18}$',
  boolean: '^(true|false)$',
  numeric: '^-?[0-9]{1,100}([.][0-9]{1,100})?$',
  'double precision': '^-?[0-9]{1,100}([.][0-9]{1,100})?$',
}

function settingSql(name: string, type: string): string {
  const setting = `nullif(current_setting(${literal(`typestead.${name}`)}, true), '')`
  if (type === 'text') return setting
  const cast = type.startsWith('numeric') ? 'numeric' : type
  const form = forms[cast]
  if (form === undefined) return `null::${type}`
  return `case when ${setting} ~ ${literal(form)} then ${setting}::${cast} end`
}

function tenantCondition(meta: EntityMeta, tenant: string): Condition {
  const relation = meta.relations.get(tenant)
  const value = { $current: 'tenant' }
  if (relation) return { op: 'key', relation, operator: 'eq', value }
  const definition = meta.fields.get(tenant)?.definition
  if (!definition) return parseWhere(meta, {})
  return {
    op: 'compare',
    field: tenant,
    path: [],
    definition,
    operator: 'eq',
    value,
    ignoreCase: false,
  }
}
