/**
 * A model as PostgreSQL's catalogue should hold it: tables, columns, constraints, indexes, triggers. Pure, from the descriptor
 * alone, so that the stored model of yesterday and the one of today are drawn by the same hand and compared.
 */
import { createHash } from 'node:crypto'
import {
  type EntityDescriptor,
  type FieldDefinition,
  type FieldDescriptor,
  fromWire,
  type Json,
  type ModelDescriptor,
  type RelationDescriptor,
  snakeCase,
} from '@typestead/entity'
import { encode, isCollated, sqlType } from './column-type.ts'
import { literal } from './table.ts'

export interface ColumnSpec {
  readonly name: string
  /** With its collation. */
  readonly type: string
  readonly nullable: boolean
  /** The default as SQL: for writers that know nothing of the entity. */
  readonly default: string | null
  /** Which field this is: `User.email`; of a link with the part of the other key: `Post.author/User.id`. */
  readonly origin: string
}

export interface IndexSpec {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly nullable: boolean }[]
  readonly unique: boolean
  /** Only rows where this column is null. */
  readonly whereNull?: string
}

export interface CheckSpec {
  readonly name: string
  readonly column: string
  readonly values: readonly string[]
}

export interface ForeignKeySpec {
  readonly name: string
  readonly columns: readonly string[]
  readonly target: string
  readonly targetColumns: readonly string[]
  readonly onDelete: RelationDescriptor['onDelete']
  readonly relation: string
  readonly targetEntity: string
}

export interface TableSpec {
  readonly entity: string
  readonly name: string
  readonly columns: readonly ColumnSpec[]
  readonly primaryKey: { readonly name: string; readonly columns: readonly string[] }
  readonly indexes: readonly IndexSpec[]
  readonly checks: readonly CheckSpec[]
  readonly foreignKeys: readonly ForeignKeySpec[]
  /** Arguments of the change feed's triggers: entity, secret columns, soft-delete column. */
  readonly feed: readonly [entity: string, secrets: string, softDelete: string]
}

/** The tables of a model, in its order. */
export function catalogueOf(model: ModelDescriptor): TableSpec[] {
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  return model.entities.map((entity) => tableSpec(entity, entities))
}

type EntityMap = ReadonlyMap<string, EntityDescriptor>

function tableSpec(entity: EntityDescriptor, entities: EntityMap): TableSpec {
  const { table } = entity
  const links = entity.relations.filter((relation) => relation.kind === 'belongsTo')
  const columns = [
    ...entity.fields.map((field) => fieldColumn(entity, field)),
    ...links.flatMap((relation) => linkSpecs(entity, relation, entities)),
  ]
  const of = (names: readonly string[]) =>
    names.flatMap((name) => columns.filter((column) => isOf(column, entity.name, name)))
  const key = of(entity.key)
  const whereNull = entity.softDelete === undefined ? undefined : snakeCase(entity.softDelete)
  const unique = [
    ...entity.unique,
    ...entity.fields.filter((field) => field.unique).map((field) => [field.name]),
    ...links.filter((link) => link.unique).map((link) => [link.name]),
  ]
  const uniques = unique.map((names) => indexSpec(table, of(names), true, whereNull))
  const plain = [
    ...entity.indexes.map((names) => indexSpec(table, of(names), false)),
    ...entity.fields
      .filter((field) => field.indexed && !field.unique)
      .map((field) => indexSpec(table, of([field.name]), false)),
  ]
  const indexes = distinct([...uniques, ...plain])
  for (const link of links) {
    const own = of([link.name])
    const leads = [
      key,
      ...indexes.filter((index) => index.whereNull === undefined).map((index) => index.columns),
    ]
    if (leads.some((lead) => own.every((column, at) => lead[at]?.name === column.name))) continue
    // Ended by the key, so that the rows of a parent come out of the index in their order.
    const rest = key.filter((column) => !own.includes(column))
    indexes.push(indexSpec(table, [...own, ...rest], false))
  }
  const secrets = entity.fields
    .filter((field) => field.secret)
    .map((field) => snakeCase(field.name))
  return {
    entity: entity.name,
    name: table,
    columns,
    primaryKey: { name: shortName(table, [], 'pkey'), columns: key.map((column) => column.name) },
    indexes,
    checks: entity.fields
      .filter((field) => field.type === 'enum')
      .map((field) => checkSpec(table, field)),
    foreignKeys: links.map((link) => foreignKey(entity, link, of([link.name]), entities)),
    feed: [entity.name, `{${secrets.join(',')}}`, whereNull ?? ''],
  }
}

function isOf(column: ColumnSpec, entity: string, name: string): boolean {
  return column.origin === `${entity}.${name}` || column.origin.startsWith(`${entity}.${name}/`)
}

function fieldColumn(entity: EntityDescriptor, field: FieldDescriptor): ColumnSpec {
  const value = field.default && 'value' in field.default ? field.default.value : undefined
  return {
    name: snakeCase(field.name),
    type: columnType(field),
    nullable: field.nullable,
    default: value === undefined || value === null ? null : constant(field, value),
    origin: `${entity.name}.${field.name}`,
  }
}

function columnType(field: FieldDescriptor): string {
  return isCollated(field) ? `${sqlType(field)} collate "C"` : sqlType(field)
}

/** A value in its JSON form as an SQL constant of the field's type. */
export function constant(field: FieldDescriptor, value: Json): string {
  // The encoder looks at type, item and fields alone.
  const definition = field as unknown as FieldDefinition
  const parts = field.fields
    ? { ...definition, fields: Object.fromEntries(field.fields.map((part) => [part.name, part])) }
    : definition
  const text = encode(parts as FieldDefinition, fromWire(parts as FieldDefinition, value))
  return text === null ? 'null' : `${literal(text)}::${sqlType(field)}`
}

function linkSpecs(
  entity: EntityDescriptor,
  relation: RelationDescriptor,
  entities: EntityMap,
): ColumnSpec[] {
  return keyParts(entities.get(relation.target), entities).map((part) => ({
    name: `${snakeCase(relation.name)}_${part.name}`,
    type: part.type,
    nullable: relation.nullable,
    default: null,
    origin: `${entity.name}.${relation.name}/${part.origin}`,
  }))
}

function keyParts(entity: EntityDescriptor | undefined, entities: EntityMap): ColumnSpec[] {
  if (!entity) throw new TypeError('a link to an entity that is not in the model')
  return entity.key.flatMap((name) => {
    const field = entity.fields.find((one) => one.name === name)
    if (field) return [fieldColumn(entity, field)]
    const relation = entity.relations.find((one) => one.name === name)
    if (!relation) throw new TypeError(`${entity.name} has no ${name}`)
    return linkSpecs(entity, relation, entities)
  })
}

function indexSpec(
  table: string,
  columns: readonly ColumnSpec[],
  unique: boolean,
  whereNull?: string,
): IndexSpec {
  const names = columns.map((column) => column.name)
  return {
    name: shortName(table, names, unique ? 'key' : 'idx'),
    columns: columns.map(({ name, nullable }) => ({ name, nullable })),
    unique,
    ...(whereNull === undefined ? {} : { whereNull }),
  }
}

function distinct(indexes: readonly IndexSpec[]): IndexSpec[] {
  return [...new Map(indexes.map((index) => [index.name, index])).values()]
}

function checkSpec(table: string, field: FieldDescriptor): CheckSpec {
  const column = snakeCase(field.name)
  return { name: shortName(table, [column], 'check'), column, values: field.values ?? [] }
}

function foreignKey(
  entity: EntityDescriptor,
  link: RelationDescriptor,
  columns: readonly ColumnSpec[],
  entities: EntityMap,
): ForeignKeySpec {
  const target = entities.get(link.target)
  const names = columns.map((column) => column.name)
  return {
    name: shortName(entity.table, names, 'fkey'),
    columns: names,
    target: target?.table ?? '',
    targetColumns: keyParts(target, entities).map((part) => part.name),
    onDelete: link.onDelete,
    relation: link.name,
    targetEntity: link.target,
  }
}

/** PostgreSQL cuts names after 63 bytes; a longer one keeps its start and ends in a digest, so that it stays distinct. */
export function shortName(table: string, columns: readonly string[], suffix: string): string {
  const full = [table, ...columns, suffix].join('_')
  if (full.length <= 63) return full
  const digest = createHash('sha256').update(full).digest('hex').slice(0, 8)
  return `${full.slice(0, 63 - digest.length - suffix.length - 2)}_${digest}_${suffix}`
}
