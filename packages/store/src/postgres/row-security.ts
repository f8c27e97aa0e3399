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
import { type Step, safe } from './step.ts'
import { literal, type Table } from './table.ts'
import { Parameters, type WhereContext, whereSql } from './where.ts'

export const rulesRole = 'typestead_rules'

/** Statements that make a transaction act for someone. */
export function actAs(current: Readonly<Record<string, unknown>>): string[] {
  const settings = Object.entries(current)
    .filter(
      ([name, value]) =>
        settingName.test(name) &&
        (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'),
    )
    .map(
      ([name, value]) =>
        `select set_config(${literal(`typestead.${name}`)}, ${literal(String(value))}, true)`,
    )
  return [...settings, `set local role ${rulesRole}`]
}

const settingName = /^[A-Za-z_][A-Za-z0-9_]*$/

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
    current: (name, type) =>
      `nullif(current_setting(${literal(`typestead.${name}`)}, true), '')::${type}`,
  }
  const sql = whereSql(condition, tableOf(meta), tableOf(meta).name, context)
  // Policies take no parameters; the values are constants of the rule.
  return sql.replace(/\$(\d+)/g, (_, number: string) => {
    const value = parameters.values[Number(number) - 1]
    return value === null || value === undefined ? 'null' : literal(value)
  })
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
