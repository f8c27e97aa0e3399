/** Inputs checked against an entity: what create and update write, with defaults filled in and every problem named at once. */
import { EntityError, type Issue, ValidationError } from './errors.ts'
import { defaultOf, type FieldDefinition } from './field.ts'
import { coerceKey } from './key.ts'
import type { EntityMeta, RelationMeta } from './model.ts'
import { NoSuchValue } from './operand.ts'
import { type QuickCheck, quickCheck } from './quick-check.ts'
import { holdsStorable, isPlainObject, unstorableIssue } from './storable.ts'
import { now } from './temporal-field.ts'
import { newId } from './text-field.ts'
import { methods, run } from './value-schema.ts'

/** Stored values by name; a relation's value is the target's key, an object where that has several parts. */
export type Values = Record<string, unknown>

/**
 * Every stored value of a new row.
 * @throws {ValidationError} naming each unknown, missing or wrong field
 */
export function checkCreate(meta: EntityMeta, input: unknown): Values {
  const given = inputObject(meta, input)
  const { fields, links } = planOf(meta)
  const issues: Issue[] = []
  const values: Values = {}
  let found = 0
  for (const step of fields) {
    const { name } = step
    const value = given[name]
    if (value === undefined) {
      const fallback = suppliedValue(meta, step)
      if (fallback === undefined) issues.push({ path: [name], message: 'is required' })
      else values[name] = fallback
    } else {
      found++
      values[name] = checkField(step, value, issues)
    }
  }
  for (const relation of links) {
    const { name } = relation
    const value = given[name]
    if (value === undefined) {
      if (relation.definition.nullable) values[name] = null
      else issues.push({ path: [name], message: 'is required' })
    } else {
      found++
      values[name] = checkLink(relation, value, issues)
    }
  }
  // As many names as were found: there is no other. (What an instance inherits would be counted too.)
  if (found !== Object.keys(given).length || !isPlainObject(given)) {
    issues.unshift(...unknownFields(meta, given))
  }
  if (issues.length > 0) throw new ValidationError(issues, meta.name)
  return values
}

/**
 * The values that an update writes, `onUpdate` ones included; empty when nothing is given.
 * @throws {ValidationError} naming each unknown, read-only or wrong field
 */
export function checkUpdate(meta: EntityMeta, input: unknown): Values {
  const given = inputObject(meta, input)
  const { fields, links } = planOf(meta)
  const issues: Issue[] = unknownFields(meta, given)
  const values: Values = {}
  for (const step of fields) {
    const { name, definition } = step
    const value = given[name]
    if (value === undefined) continue
    if (definition.readonly || meta.key.includes(name)) issues.push(unchangeable(name))
    else values[name] = checkField(step, value, issues)
  }
  for (const relation of links) {
    const { name, definition } = relation
    const value = given[name]
    if (value === undefined) continue
    if (definition.readonly || meta.key.includes(name)) issues.push(unchangeable(name))
    else values[name] = checkLink(relation, value, issues)
  }
  if (issues.length > 0) throw new ValidationError(issues, meta.name)
  if (Object.keys(values).length === 0) return values
  for (const { name, definition } of fields) {
    if (definition.onUpdate && values[name] === undefined) values[name] = definition.onUpdate()
  }
  return values
}

function unchangeable(name: string): Issue {
  return { path: [name], message: 'cannot be changed' }
}

/** The fields and links of an entity as the checks walk over them. */
interface Plan {
  readonly fields: readonly Step[]
  readonly links: readonly RelationMeta[]
}

interface Step {
  readonly name: string
  readonly definition: FieldDefinition
  readonly quick: QuickCheck
}

const plans = new WeakMap<EntityMeta, Plan>()
const unsure: QuickCheck = () => undefined

function planOf(meta: EntityMeta): Plan {
  const known = plans.get(meta)
  if (known) return known
  const plan = {
    fields: [...meta.fields.values()].map(({ name, definition }) => ({
      name,
      definition,
      quick: quickCheck(definition) ?? unsure,
    })),
    links: [...meta.relations.values()].filter(({ kind }) => kind === 'belongsTo'),
  }
  plans.set(meta, plan)
  return plan
}

function inputObject(meta: EntityMeta, input: unknown): Record<string, unknown> {
  if (typeof input === 'object' && input !== null && !Array.isArray(input))
    return input as Record<string, unknown>
  throw new ValidationError([{ path: [], message: 'must be an object of its fields' }], meta.name)
}

function unknownFields(meta: EntityMeta, given: Record<string, unknown>): Issue[] {
  const issues: Issue[] = []
  for (const name of Object.keys(given)) {
    if (meta.fields.has(name)) continue
    const relation = meta.relations.get(name)
    if (relation?.kind === 'belongsTo') continue
    const message = relation
      ? 'is the other side of a relation; write it there'
      : `${meta.name} has no such field`
    issues.push({ path: [name], message })
  }
  return issues
}

/** The default; one that a function of the application made is checked, since nothing else has seen it. */
function suppliedValue(meta: EntityMeta, step: Step): unknown {
  const value = defaultOf(step.definition)
  const { default: make } = step.definition
  if (typeof make !== 'function' || make === newId || make === now) return value
  const issues: Issue[] = []
  const clean = checkField(step, value, issues)
  if (issues.length === 0) return clean
  throw new EntityError(
    'INVALID_DEFINITION',
    `${meta.name}.${step.name}: its default() made a value that its checks refuse (${issues[0]?.message}); change one of them`,
  )
}

/** Parts can hold what no check of theirs looks at, and a recursive check needs a bound on their nesting. */
const looksInside = new Set<FieldDefinition['type']>(['text', 'json', 'object', 'list'])

function checkField({ name, definition, quick }: Step, value: unknown, issues: Issue[]): unknown {
  if (value === null) {
    if (!definition.nullable) issues.push({ path: [name], message: 'must not be null' })
    return null
  }
  const accepted = quick(value)
  if (accepted !== undefined) return accepted
  if (looksInside.has(definition.type) && !holdsStorable(value)) {
    issues.push(unstorableIssue(value, [name]))
    return undefined
  }
  const checked = run(definition.schema, value)
  if (checked.issues.length === 0) return checked.value
  const result = methods(definition.schema).safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error?.issues ?? []) {
    const path = [
      name,
      ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    ]
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) issues.push({ path: [...path, key], message: 'is unknown' })
    } else issues.push({ path, message: issue.message })
  }
  return undefined
}

/** A link may be given as the key, as an object that has the key's parts, or as a row. */
function checkLink(
  { name, definition, target }: RelationMeta,
  value: unknown,
  issues: Issue[],
): unknown {
  if (value === null) {
    if (!definition.nullable) issues.push({ path: [name], message: 'must not be null' })
    return null
  }
  const key = coerceKey(target, value)
  if (key !== undefined && key !== NoSuchValue) return key
  const message =
    key === NoSuchValue
      ? `there is no such ${target.name}`
      : `must be the ${target.key.join(' and ')} of a ${target.name}`
  issues.push({ path: [name], message })
  return undefined
}
