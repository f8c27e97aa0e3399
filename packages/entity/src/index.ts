/** Entities stated once: see the README of this package. */
export { field } from './any-field.ts'
export { bindCurrent } from './bind-current.ts'
export type { Aspect, Change, Effect } from './change.ts'
export {
  always,
  and,
  type Compare,
  type Condition,
  namesIn,
  never,
  not,
  type Operator,
  or,
  type Related,
} from './condition.ts'
export {
  describe,
  descriptorVersion,
  type EntityDescriptor,
  type FieldDescriptor,
  type ModelDescriptor,
  type RelationDescriptor,
  readDescriptor,
  type Supplied,
} from './descriptor.ts'
export { diff } from './diff.ts'
export {
  Entity,
  type EntityClass,
  type EntityOptions,
  type Instance,
  instantiate,
  type KeyOf,
} from './entity.ts'
export { EntityError, type EntityErrorCode, type Issue, ValidationError } from './errors.ts'
export {
  type Comparison,
  defaultOf,
  Field,
  type FieldDefinition,
  type ScalarWhere,
  type StorageType,
} from './field.ts'
export type { Creatable, CreateInput, Loaded, Row, UpdateInput } from './inputs.ts'
export {
  type Dialect,
  fieldSchema,
  type JsonSchema,
  toJsonSchema,
  type View,
} from './json-schema.ts'
export {
  defineModel,
  type Entities,
  type EntityMeta,
  type FieldMeta,
  type Model,
  metaOf,
  type RelationMeta,
  snakeCase,
  storedNames,
} from './model.ts'
export { boolean, decimal, float, int, int8, NumberField } from './number-field.ts'
export { coerceOperand, NoSuchValue } from './operand.ts'
export { parseRule, parseWhere } from './parse-condition.ts'
export {
  BelongsTo,
  belongsTo,
  type EntityLike,
  HasMany,
  HasOne,
  hasMany,
  hasOne,
  type LinkWhere,
  type ManyWhere,
  type OnDelete,
  type Reference,
  Relation,
  type RelationDefinition,
} from './relation.ts'
export {
  type Action,
  type Current,
  current,
  type Rule,
  type RuleSet,
  type When,
  when,
} from './rules.ts'
export type { StandardEntity, StandardProps, StandardResult } from './standard.ts'
export { bytes, json, list, object } from './structured-field.ts'
export { createdAt, date, datetime, updatedAt } from './temporal-field.ts'
export { id, oneOf, string, TextField, uuid } from './text-field.ts'
export { uuidv7 } from './uuidv7.ts'
export { checkCreate, checkUpdate, type Values } from './validate.ts'
export type { ValueSchema } from './value-schema.ts'
export type { Load, OrderBy, Selection, Where } from './where.ts'
export { fromWire, type Json, toWire } from './wire.ts'
