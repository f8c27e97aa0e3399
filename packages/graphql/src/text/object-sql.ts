/** An object of a view as SQL that writes its JSON: columns, relations, and holes for what JavaScript writes. */
import type { EntityMeta, FieldDefinition } from '@typestead/entity'
import { joinSql } from '@typestead/store/sql'
import type { FieldNode, GraphQLOutputType } from 'graphql'
import type { ColumnPlan, ComputedPlan, FieldPlan, RelationPlan, ViewPlan } from '../view-plan.ts'
import type { Compilation, Field } from './compilation.ts'
import type { Hole } from './hole.ts'
import { jsonSql } from './json-sql.ts'
import { NotText } from './not-text.ts'
import { concat, entries, type Part, sql } from './part.ts'
import { joined, rowsSql } from './rows-sql.ts'
import { type SelectedField, selectedFields } from './selection.ts'
import { isWrittenAsStored, serializer } from './serializer.ts'

/** The object, its columns read from `alias`. */
export function objectSql(
  compilation: Compilation,
  view: ViewPlan,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  alias: string,
): string {
  const named = compilation.objectOf(type)
  const sets = nodes.map((node) => node.selectionSet)
  const fields = selectedFields(named, sets, compilation)
  const types = named.getFields()
  const parts = fields.map((selected) => {
    if (selected.name === '__typename') return [selected.key, JSON.stringify(named.name)] as const
    const plan = view.fields.get(selected.name)
    const field = types[selected.name]
    if (!plan || !field) throw new NotText(`${view.name}.${selected.name} is not of the view`)
    return [selected.key, fieldSql(compilation, view, plan, field, selected, alias)] as const
  })
  return concat(['{', ...entries(parts), '}'])
}

function fieldSql(
  compilation: Compilation,
  view: ViewPlan,
  plan: FieldPlan,
  field: Field,
  selected: SelectedField,
  alias: string,
): Part {
  switch (plan.kind) {
    case 'column':
      return columnSql(compilation, view.meta, plan, field, selected.nodes, alias)
    case 'relation':
      return relationSql(compilation, view, plan, field, selected, alias)
    case 'computed':
      return computedSql(compilation, view, plan, field, selected.nodes, alias)
    case 'resolved':
      throw new NotText(`${view.name}.${selected.name} is answered by a function`)
  }
}

function columnSql(
  compilation: Compilation,
  meta: EntityMeta,
  { name, definition }: ColumnPlan,
  field: Field,
  nodes: readonly FieldNode[],
  alias: string,
): Part {
  const column = compilation.columnSql(meta, name, alias)
  const text = isWrittenAsStored(field.type) ? jsonSql(definition, column) : undefined
  const writeOne = (): Hole['write'] => {
    const write = serializer(field.type, nodes, compilation)
    return ([value]) => write(value)
  }
  const written = text ?? holeSql(compilation, [definition], [column], writeOne())
  return sql(
    definition.nullable ? `case when ${column} is null then 'null' else ${written} end` : written,
  )
}

function relationSql(
  compilation: Compilation,
  view: ViewPlan,
  plan: RelationPlan,
  field: Field,
  selected: SelectedField,
  alias: string,
): Part {
  const { relation } = plan
  const target = compilation.views.get(plan.view)
  if (!target) throw new TypeError(`there is no view ${plan.view}`)
  const table = compilation.table(target.meta)
  const link = (inner: string) =>
    joinSql(relation, compilation.table(view.meta), alias, table, inner)
  if (relation.kind === 'hasMany') {
    const args = plan.arguments ? { args: compilation.arguments(field, selected) } : {}
    return rowsSql(compilation, target, field.type, selected.nodes, { ...args, link })
  }
  const inner = compilation.alias()
  const visible = compilation.where(target.meta, inner)
  const condition = compilation.site((binding) => joined([link(inner), visible(binding)]))
  const object = objectSql(compilation, target, field.type, selected.nodes, inner)
  const row = `(select ${object} from ${table.name} ${inner} where ${condition} limit 1)`
  return sql(plan.nullable ? `coalesce(${row}, 'null')` : row)
}

function computedSql(
  compilation: Compilation,
  view: ViewPlan,
  { computed }: ComputedPlan,
  field: Field,
  nodes: readonly FieldNode[],
  alias: string,
): Part {
  const needs = computed.needs.map((name) => {
    const definition = view.meta.fields.get(name)?.definition
    if (!definition) throw new NotText(`${view.name} computes a field from a relation`)
    return { name, definition, column: compilation.columnSql(view.meta, name, alias) }
  })
  const serialize = serializer(field.type, nodes, compilation)
  const names = needs.map(({ name }) => name)
  const write = (values: readonly unknown[]) => {
    const row: Record<string, unknown> = {}
    for (let at = 0; at < names.length; at++) row[names[at] as string] = values[at]
    return serialize(computed.value(row as never))
  }
  const definitions = needs.map((need) => need.definition)
  const columns = needs.map((need) => need.column)
  return sql(holeSql(compilation, definitions, columns, write))
}

/** SQL that sends a hole's values in their JSON form. */
function holeSql(
  compilation: Compilation,
  needs: readonly FieldDefinition[],
  columns: readonly string[],
  write: Hole['write'],
): string {
  const number = compilation.holes.push({ needs, write }) - 1
  const values = needs.map((definition, index) => {
    const column = columns[index] as string
    return `coalesce(${jsonSql(definition, column) ?? `${column}::text`}, 'null')`
  })
  if (values.length === 0) return `E'\\x01[${number}]\\x01'`
  return `E'\\x01[${number},' || ${values.join(` || ',' || `)} || E']\\x01'`
}
