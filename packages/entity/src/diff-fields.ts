/** What changes in the fields of one entity. */
import { type Aspect, type Change, change, differ, type Effect } from './change.ts'
import type { EntityDescriptor, FieldDescriptor } from './descriptor.ts'
import { diffMembers, pairUp } from './diff-members.ts'
import { present } from './record.ts'

/** Adds to `renames` the fields that have a new name. */
export function diffFields(
  before: EntityDescriptor,
  after: EntityDescriptor,
  renames: Map<string, string>,
): Change[] {
  const member = { what: 'Field', add, alter, drop } as const
  return diffMembers(member, after.name, before.fields, after.fields, renames)
}

function add(entity: string, after: FieldDescriptor): Change {
  const path = `${entity}.${after.name}`
  const { nullable, unique, secret, backfill, default: supplied } = after
  if (nullable && !backfill) {
    return change('addField', entity, 'safe', `new field ${path}, null in older rows`, { after })
  }
  const source = backfill ?? supplied
  const fills = (summary: string, blocked?: string) =>
    change('addField', entity, 'fills', summary, { after, ...(blocked && { blocked }) })
  if (!source) {
    return fills(
      `new required field ${path}`,
      `older rows have no value for ${path}; add .nullable(), .default(…) or .backfill(…)`,
    )
  }
  if (unique && 'value' in source) {
    return fills(
      `new unique field ${path}`,
      `${path} is unique, so older rows cannot all get the same value; use .backfill((row) => …) or .nullable()`,
    )
  }
  const hidden = secret ? 'a secret value' : undefined
  const shown = 'value' in source ? (hidden ?? JSON.stringify(source.value)) : 'a computed value'
  return fills(`new field ${path}, ${shown} in older rows`)
}

function drop(entity: string, before: FieldDescriptor): Change {
  const summary = `${entity}.${before.name} is gone, with its values`
  return change('dropField', entity, 'loses', summary, { before })
}

function alter(entity: string, before: FieldDescriptor, after: FieldDescriptor): Change[] {
  const aspects = aspectsOf(before, after)
  if (aspects.length === 0) return []
  const path = `${entity}.${after.name}`
  const findings: Finding[] = []
  const plain: Aspect[] = []
  for (const aspect of aspects) {
    const found = assess(aspect, path, before, after)
    findings.push(...found)
    if (found.length === 0) plain.push(aspect)
  }
  const has = (effect: Effect) => findings.some((one) => one.effect === effect)
  const sentences = findings.map((one) => one.text)
  if (plain.length > 0) sentences.push(`${plain.join(', ')} changed`)
  const blocked = findings.flatMap((one) => one.blocked ?? []).join('; ')
  return [
    change(
      'changeField',
      entity,
      has('loses') ? 'loses' : has('fills') ? 'fills' : 'safe',
      `${path}: ${sentences.join('; ')}`,
      { ...(blocked && { blocked }), before, after, aspects },
    ),
  ]
}

interface Finding {
  readonly effect: Effect
  readonly text: string
  readonly blocked?: string
}

function finding(effect: Effect, text: string, blocked?: string): Finding[] {
  return [present<Finding>({ effect, text, blocked })]
}

/** What there is to say of one aspect beyond that it changed. */
function assess(
  aspect: Aspect,
  path: string,
  before: FieldDescriptor,
  after: FieldDescriptor,
): Finding[] {
  switch (aspect) {
    case 'type':
      return assessType(path, before, after)
    case 'values': {
      const gone = goneValues(before, after)
      return gone
        ? finding(
            'loses',
            `no longer allows ${gone}; rows that have it cannot stay`,
            otherValue(path, `with ${gone}`, after),
          )
        : []
    }
    case 'nullable':
      if (after.nullable) return finding('safe', 'may be null')
      return finding(
        'fills',
        'required from now on',
        (after.backfill ?? after.default)
          ? undefined
          : `rows where ${path} is null need a value; add .default(…) or .backfill(…)`,
      )
    case 'unique':
      return after.unique
        ? finding('safe', 'unique from now on; refused while rows share a value')
        : []
    case 'secret':
      return after.secret ? [] : finding('safe', 'no longer secret; its values can be read')
    case 'shape':
      return assessShape(path, path, before, after)
    default:
      return []
  }
}

function assessType(path: string, before: FieldDescriptor, after: FieldDescriptor): Finding[] {
  const text = `${typeName(before)} becomes ${typeName(after)}`
  if (keepsValues(before, after)) return finding('safe', text)
  if (after.type === 'enum') {
    const others = 'any other value becomes the default or null, or stops the migration'
    return finding('loses', `${text}; ${others}`, otherValue(path, 'with any other value', after))
  }
  // Stores take JSON for an object as it is, and items of lists too.
  if ((before.item && after.item) || hasParts(after)) {
    return finding('loses', text, newField(path, path))
  }
  const stops = 'the migration stops, and nothing is changed, when a value does not fit'
  return finding('loses', `${text}${cutOf(before, after)}; ${stops}`)
}

/** What stores take away from a value without a word. */
function cutOf(before: FieldDescriptor, after: FieldDescriptor): string {
  const types = `${before.type}>${after.type}`
  if (types === 'datetime>date') return '; the time of day is lost'
  return rounding.test(types) ? '; digits that it does not keep are rounded' : ''
}

const rounding =
  /^((double|decimal|text|enum)>decimal|(double|decimal)>int[48]|(int8|decimal|text|enum)>double)$/

/** The choices that are gone, as people read them. */
function goneValues(before: FieldDescriptor, { type, values }: FieldDescriptor): string {
  const gone = (before.values ?? []).filter((value) => !values?.includes(value))
  return type === 'enum' ? gone.join(', ') : ''
}

/** Stores put the literal default, or null, in place of a choice that is none. */
function otherValue(path: string, rows: string, after: FieldDescriptor): string | undefined {
  return after.nullable || (after.default && 'value' in after.default)
    ? undefined
    : `rows ${rows} in ${path} need one that is allowed; add .default(…) with a value, or .nullable()`
}

/** Stores keep parts as they were written, so a field that is filled anew is the way out. */
function newField(part: string, field: string): string {
  return `${part} cannot change in rows that exist; add a new field with .backfill(…) from ${field}, then remove ${field}`
}

function hasParts({ type, item }: FieldDescriptor): boolean {
  return item ? hasParts(item) : type === 'object'
}

/** The inside of an object, or of a list, at every depth; `field` is the field that it is of. */
function assessShape(
  field: string,
  path: string,
  before: FieldDescriptor,
  after: FieldDescriptor,
): Finding[] {
  if (before.item && after.item) {
    return assessPart(field, `${path}[]`, before.item, after.item)
  }
  const { pairs, gone } = pairUp(before.fields, after.fields)
  const findings = pairs.flatMap(([part, old]) => {
    const inside = `${path}.${part.name}`
    if (old) return assessPart(field, inside, old, part)
    if (part.nullable || part.default) return finding('safe', `new part ${inside}`)
    const blocked = `older rows have no ${inside}; add .nullable() or .default(…)`
    return finding('fills', `${inside} is required from now on`, blocked)
  })
  for (const { name } of gone) {
    const inside = `${path}.${name}`
    findings.push(
      ...finding('loses', `${inside} is gone, with its values`, newField(inside, field)),
    )
  }
  return findings
}

/** A part or item that was there before. */
function assessPart(
  field: string,
  path: string,
  before: FieldDescriptor,
  after: FieldDescriptor,
): Finding[] {
  if (typeName(before) !== typeName(after)) {
    const effect = keepsValues(before, after) ? 'safe' : 'loses'
    const text = `${path}: ${typeName(before)} becomes ${typeName(after)}`
    return finding(effect, text, newField(path, field))
  }
  const findings = assessShape(field, path, before, after)
  const lost = goneValues(before, after)
  if (lost) {
    findings.push(...finding('loses', `${path} no longer allows ${lost}`, newField(path, field)))
  }
  // A default stands for a part that is not there, never for null.
  if (before.nullable && !after.nullable) {
    const blocked = `older rows may have null in ${path}; keep it .nullable()`
    findings.push(...finding('fills', `${path} is required from now on`, blocked))
  }
  return findings
}

const comparedAspects = [
  'nullable',
  'values',
  'default',
  'unique',
  'indexed',
  'secret',
  'readonly',
] as const

function aspectsOf(before: FieldDescriptor, after: FieldDescriptor): Aspect[] {
  const aspects: Aspect[] = comparedAspects.filter((one) => differ(before[one], after[one]))
  if (typeName(before) !== typeName(after)) return ['type', ...aspects]
  if (differ(inside(before), inside(after))) aspects.push('shape')
  else if (aspects.length === 0 && differ(before.schema, after.schema)) aspects.push('checks')
  return aspects
}

function inside({ item, fields }: FieldDescriptor): unknown {
  return { item: item && core(item), fields: fields?.map(core) }
}

/** What of an item or part is kept in rows: not its checks, nor what people read. */
function core(part: FieldDescriptor): unknown {
  const { name, nullable, default: supplied, values } = part
  return { name, type: typeName(part), nullable, supplied, values, inside: inside(part) }
}

function typeName({ type, precision, scale, item }: FieldDescriptor): string {
  if (type === 'decimal') return `decimal(${precision}, ${scale})`
  return item ? `list of ${typeName(item)}` : type
}

/** Type changes that keep every value. */
const widening = /^(int4>(int8|double|text)|(int8|uuid|enum|boolean|date|decimal)>text)$/

function keepsValues(before: FieldDescriptor, after: FieldDescriptor): boolean {
  if (after.type !== 'decimal') return widening.test(`${before.type}>${after.type}`)
  // Digits before the point, then after it.
  const [whole, fraction] = digitsOf(after)
  const [wholeBefore, fractionBefore] = digitsOf(before)
  return whole >= wholeBefore && fraction >= fractionBefore
}

function digitsOf({ type, precision = Number.POSITIVE_INFINITY, scale = 0 }: FieldDescriptor) {
  if (type === 'int4') return [10, 0] as const
  return type === 'int8' ? ([19, 0] as const) : ([precision - scale, scale] as const)
}
