/**
 * A whole query as one SQL statement that writes the answer's text. The declarations are data, so every field of the query is
 * known to be a column, a relation, or a small function of columns (a hole); rules and filters of whoever asks stand in
 * each part. What a query asks beyond that is left to the general plan: `compileText` says why.
 */
import type { EntityMeta, FieldDefinition } from '@typestead/entity'
import {
  joinSql,
  Parameters,
  quote,
  type SqlStore,
  type Statement,
  whereSql,
} from '@typestead/store/sql'
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getArgumentValues,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql'
import { type FilterTypes, orderOf } from '../filter-types.ts'
import { sizeOf } from '../list-size.ts'
import type { All, Connection, List, One, Operation } from '../operation.ts'
import type { ColumnPlan, ComputedPlan, FieldPlan, RelationPlan, ViewPlan } from '../view-plan.ts'
import { whereOf } from '../where-argument.ts'
import type { Hole } from './hole.ts'
import { jsonSql } from './json-sql.ts'
import { NotText } from './not-text.ts'
import { type PageRows, pageSql } from './page-sql.ts'
import { concat, entries, type Part, sql } from './part.ts'
import { type SelectedField, type SelectionContext, selectedFields } from './selection.ts'
import { isWrittenAsStored, serializer } from './serializer.ts'

export interface TextPlan {
  readonly kind: 'text' | 'holes'
  readonly statement: Statement
  readonly holes: readonly Hole[]
}

export interface Compiling extends SelectionContext {
  readonly query: GraphQLObjectType
  readonly views: ReadonlyMap<string, ViewPlan>
  readonly filters: FilterTypes
  readonly store: SqlStore
  readonly mostRows: number
}

/** @throws {NotText} when the query needs the general plan */
export function compileText(operation: OperationDefinitionNode, compiling: Compiling): TextPlan {
  const compiler = new Compiler(compiling)
  const text = compiler.root(operation)
  return planOf(compiler, `select ${text}`)
}

/**
 * One row that a mutation wrote: its key's columns are the first parameters, given when it is run.
 * @throws {NotText} when its selection needs the general plan
 */
export function compileRow(
  view: ViewPlan,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  compiling: Compiling,
): TextPlan {
  const compiler = new Compiler(compiling)
  const text = compiler.row(view, type, nodes)
  return planOf(compiler, text)
}

function planOf(compiler: Compiler, text: string): TextPlan {
  return {
    kind: compiler.holes.length === 0 ? 'text' : 'holes',
    statement: { text, values: compiler.parameters.values },
    holes: compiler.holes,
  }
}

class Compiler {
  readonly parameters = new Parameters()
  readonly holes: Hole[] = []
  readonly #compiling: Compiling
  #aliases = 0

  constructor(compiling: Compiling) {
    this.#compiling = compiling
  }

  root(operation: OperationDefinitionNode): string {
    const { query } = this.#compiling
    const fields = selectedFields(query, [operation.selectionSet], this.#compiling)
    const parts = fields.map((field) => [field.key, this.#rootField(field)] as const)
    return concat(['{"data":{', ...entries(parts), '}}'])
  }

  #rootField(selected: SelectedField): Part {
    if (selected.name === '__typename') return '"Query"'
    const field = this.#compiling.query.getFields()[selected.name]
    const operation = field?.extensions.typestead as Operation | undefined
    if (!field || !operation) throw new NotText(`${selected.name} is not an operation on entities`)
    switch (operation.kind) {
      case 'one':
        return this.#one(operation, field, selected)
      case 'all':
        return this.#list(operation, field, selected, undefined)
      case 'list':
        return this.#list(operation, field, selected, this.#arguments(field, selected))
      case 'connection':
        return this.#connection(operation, field, selected)
      default:
        throw new NotText(`${selected.name} is answered by a function`)
    }
  }

  #one(operation: One, field: Field, selected: SelectedField): Part {
    const { by, where, missing } = operation.options
    const view = this.#viewOf(field.type)
    const names = by === undefined ? view.meta.key : typeof by === 'string' ? [by] : by
    const args = this.#arguments(field, selected)
    const asked = Object.fromEntries(names.map((name) => [name, args[name]]))
    const alias = this.#alias()
    const condition = this.#where(
      view.meta,
      where === undefined ? asked : { and: [asked, where] },
      alias,
    )
    const object = this.#object(view, field.type, selected.nodes, alias)
    const row = `(select ${concat(object)} from ${this.#table(view.meta).name} ${alias} where ${condition} limit 1)`
    // Where its absence is an error, the null makes the whole answer null, and the general plan tells it.
    return sql(missing === undefined ? `coalesce(${row}, 'null')` : row)
  }

  #list(
    operation: All | List,
    field: Field,
    selected: SelectedField,
    args: Arguments | undefined,
  ): Part {
    const view = this.#viewOf(field.type)
    const { where, orderBy } = operation.options
    const size = field.extensions.size as number | undefined
    const first =
      args === undefined ? undefined : sizeOf(args.first, size, this.#compiling.mostRows)
    return this.#rows(view, field.type, selected.nodes, {
      where,
      orderBy,
      args,
      first,
      link: undefined,
    })
  }

  #rows(view: ViewPlan, type: GraphQLOutputType, nodes: readonly FieldNode[], rows: Rows): Part {
    const alias = this.#alias()
    const given = rows.args && whereOf(this.#compiling.filters, view, rows.args.where)
    const filters = [rows.where, given].filter((filter) => filter !== undefined)
    const where = [
      ...(rows.link === undefined ? [] : [rows.link(alias)]),
      this.#where(view.meta, filters.length === 1 ? filters[0] : { and: filters }, alias),
    ]
    const asked = rows.args ? orderOf(view, rows.args.orderBy) : []
    const order = this.#compiling.store.order(
      view.meta,
      asked.length > 0 ? asked : rows.orderBy,
      alias,
    )
    const limit =
      rows.first === undefined ? '' : ` limit ${this.parameters.add(String(rows.first), 'int8')}`
    const object = concat(this.#object(view, type, nodes, alias))
    const from = `(select * from ${this.#table(view.meta).name} ${alias} where ${where.filter((one) => one !== 'true').join(' and ') || 'true'} ${order}${limit}) ${alias}`
    return sql(`(select '[' || coalesce(string_agg(${object}, ','), '') || ']' from ${from})`)
  }

  /** A page in Relay's form. Cursors are those of the store; see `pageSql` for the statement. */
  #connection(operation: Connection, field: Field, selected: SelectedField): Part {
    const { where, orderBy } = operation.options
    const args = this.#arguments(field, selected)
    const connection = this.#objectOf(field.type)
    const nodes = connection.getFields().nodes
    if (!nodes) throw new NotText(`${connection.name} is no connection`)
    const view = this.#viewOf(nodes.type)
    const { store, filters, mostRows } = this.#compiling
    const asked = whereOf(filters, view, args.where)
    const given = [where, asked].filter((filter) => filter !== undefined)
    const filter = given.length === 0 ? undefined : { and: given }
    const order = orderOf(view, args.orderBy)
    const keyset = store.keyset(view.meta, order.length > 0 ? order : orderBy)
    const last = sizeOf(args.last, undefined, mostRows, 'last')
    const size = field.extensions.size as number
    const first = sizeOf(args.first, last === undefined ? size : undefined, mostRows)
    if (first !== undefined && last !== undefined) throw new NotText('first and last are given')
    const alias = this.#alias()
    const conditions = [this.#where(view.meta, filter, alias)]
    for (const [cursor, backwards] of [
      [args.after, false],
      [args.before, true],
    ] as const) {
      if (typeof cursor !== 'string') continue
      conditions.push(keyset.beyond(cursor, backwards, alias, this.parameters))
    }
    const page: PageRows = {
      alias,
      table: this.#table(view.meta).name,
      where: conditions.join(' and '),
      keyset,
      fromEnd: last !== undefined,
      size: this.parameters.add(String(last ?? first), 'int8'),
      after: typeof args.after === 'string',
      before: typeof args.before === 'string',
    }
    const count = () => {
      const counted = this.#alias()
      const condition = this.#where(view.meta, filter, counted)
      return `(select count(*)::text from ${page.table} ${counted} where ${condition})`
    }
    return sql(
      pageSql(page, connection, selected.nodes, {
        context: this.#compiling,
        node: (type, own) => concat(this.#object(view, type, own, alias)),
        count,
      }),
    )
  }

  /** The object of one row that was just written, whoever may read it; its key comes when it is run. */
  row(view: ViewPlan, type: GraphQLOutputType, nodes: readonly FieldNode[]): string {
    const alias = this.#alias()
    const table = this.#table(view.meta)
    // First, so that the key's values are the first parameters.
    const key = table.key.map(
      (column) => `${alias}.${quote(column.name)} = ${this.parameters.add(null, column.type)}`,
    )
    const object = concat(this.#object(view, type, nodes, alias))
    return `select ${object} from ${table.name} ${alias} where ${key.join(' and ')}`
  }

  #objectOf(type: GraphQLOutputType): GraphQLObjectType {
    const named = getNamedType(type)
    if (!isObjectType(named)) throw new NotText(`${named.name} is no object`)
    return named
  }

  /** An object of a view, its columns read from `alias`. */
  #object(
    view: ViewPlan,
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    alias: string,
  ): Part[] {
    const named = this.#objectOf(type)
    const sets = nodes.map((node) => node.selectionSet)
    const fields = selectedFields(named, sets, this.#compiling)
    const types = named.getFields()
    const parts = fields.map((selected) => {
      if (selected.name === '__typename') return [selected.key, JSON.stringify(named.name)] as const
      const plan = view.fields.get(selected.name)
      const field = types[selected.name]
      if (!plan || !field) throw new NotText(`${view.name}.${selected.name} is not of the view`)
      return [selected.key, this.#field(view, plan, field, selected, alias)] as const
    })
    return ['{', ...entries(parts), '}']
  }

  #field(
    view: ViewPlan,
    plan: FieldPlan,
    field: Field,
    selected: SelectedField,
    alias: string,
  ): Part {
    switch (plan.kind) {
      case 'column':
        return this.#column(view.meta, plan, field, selected.nodes, alias)
      case 'relation':
        return this.#relation(view, plan, field, selected, alias)
      case 'computed':
        return this.#computed(view, plan, field, selected.nodes, alias)
      case 'resolved':
        throw new NotText(`${view.name}.${selected.name} is answered by a function`)
    }
  }

  #column(
    meta: EntityMeta,
    { name, definition }: ColumnPlan,
    field: Field,
    nodes: readonly FieldNode[],
    alias: string,
  ): Part {
    const column = this.#columnSql(meta, name, alias)
    const text = isWrittenAsStored(field.type) ? jsonSql(definition, column) : undefined
    const written = text ?? this.#hole([definition], [column], this.#writeOne(field, nodes))
    return sql(
      definition.nullable ? `case when ${column} is null then 'null' else ${written} end` : written,
    )
  }

  #writeOne(field: Field, nodes: readonly FieldNode[]): Hole['write'] {
    const write = serializer(field.type, nodes, this.#compiling)
    return ([value]) => write(value)
  }

  #relation(
    view: ViewPlan,
    plan: RelationPlan,
    field: Field,
    selected: SelectedField,
    alias: string,
  ): Part {
    const { relation } = plan
    const target = this.#compiling.views.get(plan.view)
    if (!target) throw new TypeError(`there is no view ${plan.view}`)
    const link = (inner: string) =>
      joinSql(relation, this.#table(view.meta), alias, this.#table(target.meta), inner)
    if (relation.kind === 'hasMany') {
      const args = plan.arguments ? this.#arguments(field, selected) : undefined
      const first = args && sizeOf(args.first, undefined, this.#compiling.mostRows)
      return this.#rows(target, field.type, selected.nodes, {
        where: undefined,
        orderBy: undefined,
        args,
        first,
        link,
      })
    }
    const inner = this.#alias()
    const condition = [link(inner), this.#where(target.meta, undefined, inner)].filter(
      (one) => one !== 'true',
    )
    const object = concat(this.#object(target, field.type, selected.nodes, inner))
    const row = `(select ${object} from ${this.#table(target.meta).name} ${inner} where ${condition.join(' and ')} limit 1)`
    return sql(plan.nullable ? `coalesce(${row}, 'null')` : row)
  }

  #computed(
    view: ViewPlan,
    { computed }: ComputedPlan,
    field: Field,
    nodes: readonly FieldNode[],
    alias: string,
  ): Part {
    const needs = computed.needs.map((name) => {
      const definition = view.meta.fields.get(name)?.definition
      if (!definition) throw new NotText(`${view.name} computes a field from a relation`)
      return { name, definition, column: this.#columnSql(view.meta, name, alias) }
    })
    const serialize = serializer(field.type, nodes, this.#compiling)
    const write = (values: readonly unknown[]) => {
      const row: Record<string, unknown> = {}
      for (const [index, need] of needs.entries()) row[need.name] = values[index]
      return serialize(computed.value(row as never))
    }
    return sql(
      this.#hole(
        needs.map((need) => need.definition),
        needs.map((need) => need.column),
        write,
      ),
    )
  }

  /** SQL that sends a hole's values in their JSON form. */
  #hole(
    needs: readonly FieldDefinition[],
    columns: readonly string[],
    write: Hole['write'],
  ): string {
    const number = this.holes.push({ needs, write }) - 1
    const values = needs.map((definition, index) => {
      const column = columns[index] as string
      return `coalesce(${jsonSql(definition, column) ?? `${column}::text`}, 'null')`
    })
    const list = values.length === 0 ? `'[]'` : `'[' || ${values.join(` || ',' || `)} || ']'`
    return `E'\\x01${number}:' || ${list} || E'\\x01'`
  }

  #where(meta: EntityMeta, filter: unknown, alias: string): string {
    const { store } = this.#compiling
    const condition = filter === undefined ? store.visible(meta) : store.where(meta, filter)
    return whereSql(condition, store.tableOf(meta), alias, {
      parameters: this.parameters,
      tableOf: store.tableOf,
    })
  }

  #table(meta: EntityMeta) {
    return this.#compiling.store.tableOf(meta)
  }

  #columnSql(meta: EntityMeta, name: string, alias: string): string {
    const [column] = this.#table(meta).columns(name)
    return `${alias}.${quote(column?.name ?? '')}`
  }

  #arguments(field: Field, { nodes }: SelectedField): Arguments {
    return getArgumentValues(
      field,
      nodes[0] as FieldNode,
      this.#compiling.variables.forArguments,
    ) as Arguments
  }

  #viewOf(type: GraphQLOutputType): ViewPlan {
    const view = this.#compiling.views.get(getNamedType(type).name)
    if (!view) throw new NotText(`${getNamedType(type).name} is no view`)
    return view
  }

  #alias(): string {
    return `r${this.#aliases++}`
  }
}

type Field = GraphQLField<unknown, unknown>
type Arguments = Readonly<Record<string, unknown>>

interface Rows {
  readonly where: unknown
  readonly orderBy: unknown
  readonly args: Arguments | undefined
  readonly first: number | undefined
  readonly link: ((alias: string) => string) | undefined
}
