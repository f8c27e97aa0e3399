/**
 * What forms and tables read of an entity: the descriptor that `describe(model)` of `@typestead/entity` writes, told by
 * its shape, so that this package needs no entity.
 */
import { ScreensError } from '../errors.ts'

export interface FormModel {
  readonly version: number
  readonly entities: readonly FormEntity[]
}

export interface FormEntity {
  readonly name: string
  readonly description?: string
  readonly key: readonly string[]
  readonly fields: readonly FieldShape[]
  readonly relations: readonly RelationShape[]
  readonly softDelete?: string
  readonly lock?: string
  readonly tenant?: string
  /** JSON Schema of what create takes. */
  readonly createSchema: Schema
}

export interface FieldShape {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly readonly: boolean
  readonly secret: boolean
  readonly default?: { readonly value: unknown } | { readonly generated: true }
  readonly description?: string
  readonly values?: readonly string[]
  readonly precision?: number
  readonly scale?: number
  readonly item?: FieldShape
  readonly fields?: readonly FieldShape[]
  readonly schema: Schema
}

export interface RelationShape {
  readonly name: string
  readonly kind: string
  readonly target: string
  readonly nullable: boolean
  readonly readonly: boolean
  readonly description?: string
}

/** JSON Schema, draft 2020-12. */
export type Schema = { readonly [word: string]: unknown }

/**
 * The entity of a model.
 * @throws {ScreensError} `BAD_DESCRIPTOR` for a model of another version, or without the entity
 */
export function entityOf(model: FormModel, name: string): FormEntity {
  if (model.version !== 1) {
    throw new ScreensError(
      'BAD_DESCRIPTOR',
      `the model has format ${model.version}, forms read format 1: update @typestead/screens`,
    )
  }
  const entity = model.entities.find((one) => one.name === name)
  if (entity !== undefined) return entity
  const names = model.entities.map((one) => one.name).join(', ')
  throw new ScreensError('BAD_DESCRIPTOR', `the model has no entity ${name}; it has ${names}`)
}

/** `firstName` as people write it: "First name". */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/\b(id|url|isbn|uuid|ip)\b/g, (word) => word.toUpperCase())
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a person uses to enter a value. */
export type ControlKind =
  | 'text'
  | 'textarea'
  | 'email'
  | 'url'
  | 'password'
  | 'whole'
  | 'number'
  | 'checkbox'
  | 'select'
  | 'date'
  | 'datetime'
  | 'json'
  | 'bytes'

const kinds: Readonly<Record<string, ControlKind>> = {
  int4: 'whole',
  int8: 'whole',
  double: 'number',
  decimal: 'number',
  boolean: 'checkbox',
  enum: 'select',
  datetime: 'datetime',
  date: 'date',
  json: 'json',
  bytes: 'bytes',
}

export function controlOf({ type, secret, schema }: FieldShape): ControlKind {
  if (secret) return 'password'
  const kind = kinds[type]
  if (kind !== undefined) return kind
  if (schema.format === 'email') return 'email'
  if (schema.format === 'uri') return 'url'
  const { maxLength } = schema
  return type === 'text' && typeof maxLength === 'number' && maxLength > 200 ? 'textarea' : 'text'
}
