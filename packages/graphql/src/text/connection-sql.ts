/** A connection in Relay's form as SQL. Cursors are those of the store; see `pageSql` for the statement. */
import { orderOf } from '../filter-types.ts'
import { sizeOf } from '../list-size.ts'
import type { Connection } from '../operation.ts'
import type { Binding } from './binding.ts'
import type { Compilation, Field } from './compilation.ts'
import { NotText } from './not-text.ts'
import { objectSql } from './object-sql.ts'
import { type PageRows, pageSql } from './page-sql.ts'
import { type Part, sql } from './part.ts'
import type { SelectedField } from './selection.ts'

/**
 * The statement's structure depends on the order, on which end is read from, and on whether cursors are given; which ones
 * they are, the sizes and the filter are values.
 */
export function connectionSql(
  compilation: Compilation,
  operation: Connection,
  field: Field,
  selected: SelectedField,
): Part {
  const args = compilation.arguments(field, selected)
  const connection = compilation.objectOf(field.type)
  const { nodes } = connection.getFields()
  if (!nodes) throw new NotText(`${connection.name} is no connection`)
  const view = compilation.viewOf(nodes.type)
  const { meta } = view
  const { store, filters, mostRows } = compilation
  const isGiven = (name: string) =>
    compilation.structure(args, (binding) => (args.of(binding)[name] ?? null) !== null)
  const [fromEnd, fromStart] = [isGiven('last'), isGiven('first')]
  if (fromEnd && fromStart) throw new NotText('first and last are given')
  const asked = compilation.structure(args, (binding) =>
    JSON.stringify(orderOf(view, args.of(binding).orderBy)),
  )
  // Terms were made of the entity's names and directions alone.
  const order = JSON.parse(asked) as object[]
  const keyset = store.keyset(meta, order.length > 0 ? order : operation.options.orderBy)
  const filter = (binding: Binding) => {
    const { where } = operation.options
    const given = filters.where(view, args.of(binding).where)
    if (given === undefined) return where
    return where === undefined ? given : { and: [where, given] }
  }
  const alias = compilation.alias()
  const conditions = [compilation.site(compilation.where(meta, alias, filter))]
  const beyond = (name: 'after' | 'before', backwards: boolean) => {
    if (!isGiven(name)) return false
    const write = (binding: Binding) => {
      const cursor = String(args.of(binding)[name])
      return keyset.beyond(cursor, backwards, alias, binding.parameters)
    }
    conditions.push(compilation.site(write))
    return true
  }
  const after = beyond('after', false)
  const before = beyond('before', true)
  const usual = field.extensions.size as number
  const size = compilation.site((binding) => {
    const { first, last } = args.of(binding)
    const most = fromEnd ? sizeOf(last, usual, mostRows, 'last') : sizeOf(first, usual, mostRows)
    return binding.parameters.add(String(most), 'int8')
  })
  const table = compilation.table(meta).name
  const where = conditions.join(' and ')
  const page: PageRows = { alias, table, where, keyset, fromEnd, size, after, before }
  const count = () => {
    const counted = compilation.alias()
    const condition = compilation.site(compilation.where(meta, counted, filter))
    return `(select count(*)::text from ${table} ${counted} where ${condition})`
  }
  return sql(
    pageSql(page, connection, selected.nodes, {
      context: compilation,
      node: (type, own) => objectSql(compilation, view, type, own, alias),
      count,
    }),
  )
}
