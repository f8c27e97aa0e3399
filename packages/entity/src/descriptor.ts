/**
 * The descriptor: a model as plain data, to be stored, compared and handed to packages that never import an entity.
 * It is versioned; a reader refuses a newer one and migrates an older one.
 */
import { toBase64 } from './base64.ts'
import { EntityError } from './errors.ts'
import type { FieldDefinition, StorageType } from './field.ts'
import { fieldSchema, type JsonSchema, toJsonSchema } from './json-schema.ts'
import type { EntityMeta, Model, RelationMeta } from './model.ts'
import { present } from './record.ts'
import type { OnDelete, RelationDefinition } from './relation.ts'
import { type Json, toWire } from './wire.ts'

export const descriptorVersion = 1

export interface ModelDescriptor {
  readonly version: typeof descriptorVersion
  readonly entities: readonly EntityDescriptor[]
}

export interface EntityDescriptor {
  readonly name: string
  readonly table: string
  readonly was?: string
  readonly description?: string
  readonly key: readonly string[]
  readonly fields: readonly FieldDescriptor[]
  readonly relations: readonly RelationDescriptor[]
  readonly unique: readonly (readonly string[])[]
  readonly indexes: readonly (readonly string[])[]
  readonly softDelete?: string
  readonly lock?: string
  readonly tenant?: string
  /** The rules as they were written. */
  readonly allow?: Json
  /** JSON Schema (draft 2020-12) of a row and of what create takes. */
  readonly schema: JsonSchema
  readonly createSchema: JsonSchema
}

/** A value made by a function is known only as `generated`. */
export type Supplied = { readonly value: Json } | { readonly generated: true }

export interface FieldDescriptor {
  readonly name: string
  readonly type: StorageType
  readonly nullable: boolean
  readonly unique: boolean
  readonly indexed: boolean
  readonly readonly: boolean
  readonly secret: boolean
  readonly was: readonly string[]
  readonly default?: Supplied
  readonly backfill?: Supplied
  readonly description?: string
  readonly values?: readonly string[]
  readonly precision?: number
  readonly scale?: number
  readonly item?: FieldDescriptor
  readonly fields?: readonly FieldDescriptor[]
  readonly schema: JsonSchema
}

export interface RelationDescriptor {
  readonly name: string
  readonly kind: RelationDefinition['kind']
  readonly target: string
  readonly inverse?: string
  readonly nullable: boolean
  readonly unique: boolean
  readonly readonly: boolean
  readonly onDelete: OnDelete
  readonly was: readonly string[]
  readonly description?: string
}

/** `describe(model)`: what the stores keep to compare the next model with. */
export function describe(model: Model): ModelDescriptor {
  return { version: descriptorVersion, entities: model.metas.map(describeEntity) }
}

/**
 * A stored descriptor, checked for its version.
 * @throws {EntityError} `INVALID_MODEL` when it is none, or was written by a newer version of this package
 */
export function readDescriptor(stored: unknown): ModelDescriptor {
  const version = (stored as { readonly version?: unknown } | null | undefined)?.version
  if (version === descriptorVersion) return stored as ModelDescriptor
  if (typeof version !== 'number') {
    throw new EntityError('INVALID_MODEL', 'the stored model is none: it has no version')
  }
  throw new EntityError(
    'INVALID_MODEL',
    `the stored model has format ${version}, this version reads format ${descriptorVersion}; update @typestead/entity`,
  )
}

function describeEntity(meta: EntityMeta): EntityDescriptor {
  const { name, table, key, fields, relations, options } = meta
  const {
    was,
    description,
    unique = [],
    indexes = [],
    softDelete,
    version,
    tenant,
    allow,
  } = options
  return present<EntityDescriptor>({
    name,
    table,
    was,
    description,
    key,
    fields: [...fields.values()].map((field) => describeField(field.name, field.definition)),
    relations: [...relations.values()].map(describeRelation),
    unique,
    indexes,
    softDelete,
    lock: version,
    tenant,
    allow: allow && (JSON.parse(JSON.stringify(allow, plainOperand)) as Json),
    schema: toJsonSchema(meta, 'plain', 'row'),
    createSchema: toJsonSchema(meta, 'plain', 'create'),
  })
}

/** Operands of rules in JSON, as `toWire` writes them; dates have a toJSON of their own. */
function plainOperand(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? toBase64(value) : value
}

function describeField(name: string, definition: FieldDefinition): FieldDescriptor {
  const { schema, onUpdate, hasDefault, hasBackfill, item, fields, ...plain } = definition
  return present<FieldDescriptor>({
    name,
    nullable: false,
    unique: false,
    indexed: false,
    readonly: false,
    secret: false,
    was: [],
    ...plain,
    default: hasDefault ? supplied(definition, plain.default) : undefined,
    backfill: hasBackfill ? supplied(definition, plain.backfill) : undefined,
    item: item && describeField('item', item),
    fields: fields && Object.entries(fields).map(([key, part]) => describeField(key, part)),
    schema: fieldSchema(definition),
  })
}

function supplied(definition: FieldDefinition, value: unknown): Supplied {
  return typeof value === 'function' ? { generated: true } : { value: toWire(definition, value) }
}

function describeRelation({ name, definition, target }: RelationMeta): RelationDescriptor {
  return {
    name,
    nullable: false,
    unique: false,
    readonly: false,
    onDelete: 'restrict',
    was: [],
    ...definition,
    target: target.name,
  }
}
