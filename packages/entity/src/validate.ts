/** Inputs checked against an entity: what create and update write, with defaults filled in and every problem named at once. */
import { type Issue, invalid, ValidationError } from './errors.ts'
import { defaultOf, type FieldDefinition } from './field.ts'
import { coerceKey } from './key.ts'
import { type EntityMeta, type FieldMeta, type RelationMeta, storedParts } from './model.ts'
import { NoSuchValue } from './operand.ts'
import { type QuickCheck, quickCheck, unsure } from './quick-check.ts'
import { isObject, isPlainObject } from './record.ts'
import { unstorableIssue } from './storable.ts'
import { now } from './temporal-field.ts'
import { newId } from './text-field.ts'
import { parsed } from './value-schema.ts'

/** Stored values by name; a relation's value is the target's key, an object where that has several parts. */
export type Values = Record<string, unknown>

/**
 * Every stored value of a new row.
 * @throws {ValidationError} naming each unknown, missing or wrong field
 */
export function checkCreate(meta: EntityMeta, input: unknown): Values {
  return check(meta, input, false)
}

/**
 * The values that an update writes, `onUpdate` ones included; empty when nothing is given.
 * @throws {ValidationError} naming each unknown, read-only or wrong field
 */
export function checkUpdate(meta: EntityMeta, input: unknown): Values {
  const values = check(meta, input, true)
  if (Object.keys(values).length === 0) return values
  for (const { name, definition } of stepsOf(meta)) {
    if (definition.onUpdate && values[name] === undefined) values[name] = definition.onUpdate()
  }
  return values
}

function check(meta: EntityMeta, input: unknown, update: boolean): Values {
  if (!isObject(input) || Array.isArray(input)) {
    throw new ValidationError([{ path: [], message: 'must be an object of its fields' }], meta.name)
  }
  const given = input as Readonly<Record<string, unknown>>
  const issues: Issue[] = []
  const values: Values = {}
  let found = 0
  for (const step of stepsOf(meta)) {
    const { name, definition } = step
    const value = given[name]
    if (value !== undefined) {
      found++
      if (update && (definition.readonly || meta.key.includes(name))) {
        issues.push({ path: [name], message: 'cannot be changed' })
      } else values[name] = checkValue(step, value, issues)
    } else if (!update) {
      const fallback = suppliedValue(meta, step)
      if (fallback === undefined) issues.push({ path: [name], message: 'is required' })
      else values[name] = fallback
    }
  }
  // As many names as were found: there is no other. (What an instance inherits would be counted too.)
  if (found !== Object.keys(given).length || !isPlainObject(given)) {
    issues.unshift(...unknownFields(meta, given))
  }
  if (issues.length > 0) throw new ValidationError(issues, meta.name)
  return values
}

/** A field or link of an entity as the checks walk over them. */
interface Step {
  readonly name: string
  readonly definition: Partial<FieldDefinition>
  /** The value as rows have it; undefined when only `check` can tell. */
  readonly quick: QuickCheck
  /** The same, with what is wrong added to `issues`. */
  readonly check: (value: unknown, issues: Issue[]) => unknown
}

const steps = new WeakMap<EntityMeta, readonly Step[]>()

function stepsOf(meta: EntityMeta): readonly Step[] {
  let known = steps.get(meta)
  if (!known) {
    known = storedParts(meta).map((part) => ({
      name: part.name,
      definition: part.definition,
      quick: part.kind === 'field' ? quickCheck(part.definition) : unsure,
      check: (value, issues) =>
        part.kind === 'field' ? checkField(part, value, issues) : checkLink(part, value, issues),
    }))
    steps.set(meta, known)
  }
  return known
}

function unknownFields(meta: EntityMeta, given: Readonly<Record<string, unknown>>): Issue[] {
  const stored = new Set(storedParts(meta).map(({ name }) => name))
  return Object.keys(given).flatMap((name) => {
    if (stored.has(name)) return []
    const message = meta.relations.has(name)
      ? 'is the other side of a relation; write it there'
      : `${meta.name} has no such field`
    return { path: [name], message }
  })
}

/** The default; one that a function of the application made is checked, since nothing else has seen it. */
function suppliedValue(meta: EntityMeta, step: Step): unknown {
  const value = defaultOf(step.definition)
  const { default: make } = step.definition
  if (typeof make !== 'function' || make === newId || make === now) return value
  const issues: Issue[] = []
  const clean = checkValue(step, value, issues)
  if (issues.length === 0) return clean
  throw invalid(
    `${meta.name}.${step.name}: its default() made a value that its checks refuse (${issues[0]?.message}); change one of them`,
  )
}

function checkValue(
  { name, definition, quick, check }: Step,
  value: unknown,
  issues: Issue[],
): unknown {
  if (value === null) {
    if (!definition.nullable) issues.push({ path: [name], message: 'must not be null' })
    return null
  }
  return quick(value) ?? check(value, issues)
}

/** Parts can hold what no check of theirs looks at, and a recursive check needs a bound on their nesting. */
const looksInside = new Set<FieldDefinition['type']>(['text', 'json', 'object', 'list'])

function checkField({ name, definition }: FieldMeta, value: unknown, issues: Issue[]): unknown {
  const unstorable = looksInside.has(definition.type) && unstorableIssue(value, [name])
  if (unstorable) {
    issues.push(unstorable)
    return undefined
  }
  const result = parsed(definition.schema, value)
  for (const issue of result.error?.issues ?? []) {
    const path = [
      name,
      ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    ]
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) issues.push({ path: [...path, key], message: 'is unknown' })
    } else issues.push({ path, message: issue.message })
  }
  return result.data
}

/** A link may be given as the key, as an object that has the key's parts, or as a row. */
function checkLink({ name, target }: RelationMeta, value: unknown, issues: Issue[]): unknown {
  const key = coerceKey(target, value)
  if (key !== undefined && key !== NoSuchValue) return key
  const message =
    key === NoSuchValue
      ? `there is no such ${target.name}`
      : `must be the ${target.key.join(' and ')} of a ${target.name}`
  issues.push({ path: [name], message })
  return undefined
}
