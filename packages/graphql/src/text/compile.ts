/**
 * A whole query as one SQL statement that writes the answer's text. The declarations are data, so every field of the query is
 * known to be a column, a relation, or a small function of columns (a hole); rules and filters of whoever asks stand in
 * each part. What a query asks beyond that is left to the general plan: `compileText` says why.
 */
import { quote } from '@typestead/store/sql'
import type { FieldNode, GraphQLOutputType, OperationDefinitionNode } from 'graphql'
import type { All, List, One, Operation } from '../operation.ts'
import type { ViewPlan } from '../view-plan.ts'
import type { Compilation, Field, TextPlan } from './compilation.ts'
import { connectionSql } from './connection-sql.ts'
import { NotText } from './not-text.ts'
import { objectSql } from './object-sql.ts'
import { concat, entries, type Part, sql } from './part.ts'
import { rowsSql } from './rows-sql.ts'
import { type SelectedField, selectedFields } from './selection.ts'

/** @throws {NotText} when the query needs the general plan */
export function compileText(
  operation: OperationDefinitionNode,
  compilation: Compilation,
): TextPlan {
  const fields = selectedFields(compilation.query, [operation.selectionSet], compilation)
  const parts = fields.map((field) => [field.key, rootField(compilation, field)] as const)
  return compilation.plan(`select ${concat(['{"data":{', ...entries(parts), '}}'])}`)
}

/**
 * One row that a mutation wrote, whoever may read it; its key comes with the binding.
 * @throws {NotText} when its selection needs the general plan
 */
export function compileRow(
  view: ViewPlan,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  compilation: Compilation,
): TextPlan {
  const alias = compilation.alias()
  const table = compilation.table(view.meta)
  const key = compilation.site(({ key: values, parameters }) =>
    table.key
      .map(({ name, type: of }, index) => {
        const value = parameters.add(values[index] ?? null, of)
        return `${alias}.${quote(name)} = ${value}`
      })
      .join(' and '),
  )
  const object = objectSql(compilation, view, type, nodes, alias)
  return compilation.plan(`select ${object} from ${table.name} ${alias} where ${key}`)
}

function rootField(compilation: Compilation, selected: SelectedField): Part {
  if (selected.name === '__typename') return JSON.stringify(compilation.query.name)
  const field = compilation.query.getFields()[selected.name]
  const operation = field?.extensions.typestead as Operation | undefined
  if (!field || !operation) throw new NotText(`${selected.name} is not an operation on entities`)
  switch (operation.kind) {
    case 'one':
      return oneSql(compilation, operation, field, selected)
    case 'all':
    case 'list':
      return listSql(compilation, operation, field, selected)
    case 'connection':
      return connectionSql(compilation, operation, field, selected)
    default:
      throw new NotText(`${selected.name} is answered by a function`)
  }
}

function oneSql(
  compilation: Compilation,
  operation: One,
  field: Field,
  selected: SelectedField,
): Part {
  const { by, where, missing } = operation.options
  const view = compilation.viewOf(field.type)
  const { meta } = view
  const names = by === undefined ? meta.key : typeof by === 'string' ? [by] : by
  const args = compilation.arguments(field, selected)
  const alias = compilation.alias()
  const condition = compilation.site(
    compilation.where(meta, alias, (binding) => {
      const given = args.of(binding)
      const asked = Object.fromEntries(names.map((name) => [name, given[name]]))
      return where === undefined ? asked : { and: [asked, where] }
    }),
  )
  const object = objectSql(compilation, view, field.type, selected.nodes, alias)
  const table = compilation.table(meta).name
  const row = `(select ${object} from ${table} ${alias} where ${condition} limit 1)`
  // Where its absence is an error, the null makes the whole answer null, and the general plan tells it.
  return sql(missing === undefined ? `coalesce(${row}, 'null')` : row)
}

function listSql(
  compilation: Compilation,
  operation: All | List,
  field: Field,
  selected: SelectedField,
): Part {
  const view = compilation.viewOf(field.type)
  const { where, orderBy } = operation.options
  const { nodes } = selected
  if (operation.kind === 'all') {
    return rowsSql(compilation, view, field.type, nodes, { where, orderBy })
  }
  const args = compilation.arguments(field, selected)
  const size = field.extensions.size as number | undefined
  return rowsSql(compilation, view, field.type, nodes, { where, orderBy, args, size })
}
