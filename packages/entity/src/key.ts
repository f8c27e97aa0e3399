/** The primary key of an entity, followed through the relations it may be made of. `defineModel` has refused cycles. */
import type { FieldDefinition } from './field.ts'
import type { EntityMeta } from './model.ts'
import { coerceOperand, NoSuchValue } from './operand.ts'
import { isObject } from './record.ts'

/** The definition of a key of one part; undefined when the key has several. */
export function keyDefinition(meta: EntityMeta): FieldDefinition | undefined {
  const [only, ...others] = meta.key
  if (only === undefined || others.length > 0) return undefined
  const target = meta.relations.get(only)?.target
  return target ? keyDefinition(target) : meta.fields.get(only)?.definition
}

/**
 * A key given as the value itself, as an object that has the key's parts, or as a row, in the form in which rows keep it.
 * `NoSuchValue` when it is well formed but no row can have it, undefined when it is no key of this entity.
 */
export function coerceKey(meta: EntityMeta, value: unknown): unknown {
  const several = meta.key.length > 1
  const given = isObject(value) && !(value instanceof Date)
  if (several && !given) return undefined
  const parts: Record<string, unknown> = {}
  for (const name of meta.key) {
    const part = given ? (value as Readonly<Record<string, unknown>>)[name] : value
    if (part === undefined || part === null) return undefined
    const target = meta.relations.get(name)?.target
    const definition = meta.fields.get(name)?.definition
    const operand = target ? coerceKey(target, part) : definition && coerceOperand(definition, part)
    if (operand === undefined || operand === NoSuchValue) return operand
    if (operand instanceof Error) return undefined
    parts[name] = operand
  }
  return several ? parts : parts[meta.key[0] as string]
}
