/** What changes in the fields of one entity. */
import { type Aspect, type Change, differ, type Effect } from './change.ts'
import type { EntityDescriptor, FieldDescriptor, Supplied } from './descriptor.ts'

/** Adds to `renames` the fields that have a new name. */
export function diffFields(
  before: EntityDescriptor,
  after: EntityDescriptor,
  renames: Map<string, string>,
): Change[] {
  const entity = after.name
  const changes: Change[] = []
  const left = new Map(before.fields.map((field) => [field.name, field]))
  for (const field of after.fields) {
    const same = left.get(field.name)
    const old = same ?? field.was.map((name) => left.get(name)).find((found) => found !== undefined)
    if (!old) {
      changes.push(addField(entity, field))
      continue
    }
    left.delete(old.name)
    if (!same) {
      renames.set(old.name, field.name)
      const summary = `${entity}.${old.name} becomes ${entity}.${field.name}`
      const kind = 'renameField'
      changes.push({ kind, entity, effect: 'safe', summary, before: old, after: field })
    }
    const change = changeField(entity, old, field)
    if (change) changes.push(change)
  }
  for (const field of left.values()) {
    const summary = `${entity}.${field.name} is gone, with its values`
    changes.push({ kind: 'dropField', entity, effect: 'loses', summary, before: field })
  }
  return changes
}

function addField(entity: string, field: FieldDescriptor): Change {
  const path = `${entity}.${field.name}`
  const common = { kind: 'addField', entity, after: field } as const
  if (field.nullable && !field.backfill) {
    return { ...common, effect: 'safe', summary: `new field ${path}, null in older rows` }
  }
  const source = field.backfill ?? field.default
  if (!source) {
    const blocked = `older rows have no value for ${path}; add .nullable(), .default(…) or .backfill(…)`
    return { ...common, effect: 'fills', summary: `new required field ${path}`, blocked }
  }
  if (field.unique && 'value' in source) {
    const blocked = `${path} is unique, so older rows cannot all get the same value; use .backfill((row) => …) or .nullable()`
    return { ...common, effect: 'fills', summary: `new unique field ${path}`, blocked }
  }
  const summary = `new field ${path}, ${shown(field, source)} in older rows`
  return { ...common, effect: 'fills', summary }
}

function shown(field: FieldDescriptor, source: Supplied): string {
  if ('generated' in source) return 'a computed value'
  return field.secret ? 'a secret value' : JSON.stringify(source.value)
}

function changeField(
  entity: string,
  before: FieldDescriptor,
  after: FieldDescriptor,
): Change | undefined {
  const aspects = aspectsOf(before, after)
  if (aspects.length === 0) return undefined
  const path = `${entity}.${after.name}`
  const findings = aspects.flatMap((aspect) => assess(aspect, path, before, after))
  const effect = findings.reduce<Effect>((worst, one) => worse(worst, one.effect), 'safe')
  const plain = aspects.filter((aspect) => !findings.some((one) => one.aspect === aspect))
  const sentences = findings.map((one) => one.text)
  if (plain.length > 0) sentences.push(`${plain.join(', ')} changed`)
  const blocked = findings.flatMap((one) => one.blocked ?? []).join('; ')
  return {
    kind: 'changeField',
    entity,
    effect,
    summary: `${path}: ${sentences.join('; ')}`,
    ...(blocked === '' ? {} : { blocked }),
    before,
    after,
    aspects,
  }
}

function worse(a: Effect, b: Effect): Effect {
  if (a === 'loses' || b === 'loses') return 'loses'
  return a === 'fills' || b === 'fills' ? 'fills' : 'safe'
}

interface Finding {
  readonly aspect: Aspect
  readonly effect: Effect
  readonly text: string
  readonly blocked?: string
}

/** What there is to say of one aspect beyond that it changed. */
function assess(
  aspect: Aspect,
  path: string,
  before: FieldDescriptor,
  after: FieldDescriptor,
): Finding[] {
  switch (aspect) {
    case 'type': {
      const text = `${typeName(before)} becomes ${typeName(after)}`
      return keepsValues(before, after)
        ? [{ aspect, effect: 'safe', text }]
        : [{ aspect, effect: 'loses', text: `${text}; values that do not fit are lost` }]
    }
    case 'values': {
      const gone = (before.values ?? []).filter((value) => !after.values?.includes(value))
      if (gone.length === 0 || after.type !== 'enum') return []
      const text = `no longer allows ${gone.join(', ')}; rows that have it cannot stay`
      return [{ aspect, effect: 'loses', text }]
    }
    case 'nullable': {
      if (after.nullable) return [{ aspect, effect: 'safe', text: 'may be null' }]
      const text = 'required from now on'
      if (after.backfill ?? after.default) return [{ aspect, effect: 'fills', text }]
      const blocked = `rows where ${path} is null need a value; add .default(…) or .backfill(…)`
      return [{ aspect, effect: 'fills', text, blocked }]
    }
    case 'unique':
      return after.unique
        ? [{ aspect, effect: 'safe', text: 'unique from now on; refused while rows share a value' }]
        : []
    case 'secret':
      return after.secret
        ? []
        : [{ aspect, effect: 'safe', text: 'no longer secret; its values can be read' }]
    case 'shape':
      return assessShape(path, before, after)
    default:
      return []
  }
}

/** The inside of an object, or of the objects in a list, at every depth. */
function assessShape(path: string, before: FieldDescriptor, after: FieldDescriptor): Finding[] {
  const aspect = 'shape'
  if (before.item && after.item) {
    const findings = assessShape(`${path}[]`, before.item, after.item)
    if (!before.item.nullable || after.item.nullable) return findings
    const text = 'items are required from now on'
    const blocked = `lists in ${path} may have null items; keep the item nullable()`
    return [...findings, { aspect, effect: 'fills', text, blocked }]
  }
  const left = new Map(before.fields?.map((part) => [part.name, part]))
  const findings: Finding[] = []
  for (const part of after.fields ?? []) {
    const old = left.get(part.name)
    const inside = `${path}.${part.name}`
    left.delete(part.name)
    const filled = part.nullable || part.default !== undefined
    if (old && differ(typeName(old), typeName(part)) && !keepsValues(old, part)) {
      const text = `${inside}: ${typeName(old)} becomes ${typeName(part)}; values that do not fit are lost`
      findings.push({ aspect, effect: 'loses', text })
    } else if (!filled && (!old || old.nullable)) {
      const text = `${inside} is required from now on`
      const blocked = `older rows may have no ${inside}; add .nullable() or .default(…)`
      findings.push({ aspect, effect: 'fills', text, blocked })
    } else if (old) findings.push(...assessShape(inside, old, part))
    else findings.push({ aspect, effect: 'safe', text: `new part ${inside}` })
  }
  for (const name of left.keys()) {
    findings.push({ aspect, effect: 'loses', text: `${path}.${name} is gone, with its values` })
  }
  return findings
}

function aspectsOf(before: FieldDescriptor, after: FieldDescriptor): Aspect[] {
  const aspects: Aspect[] = []
  if (typeName(before) !== typeName(after)) aspects.push('type')
  for (const aspect of [
    'nullable',
    'values',
    'default',
    'unique',
    'indexed',
    'secret',
    'readonly',
  ] as const) {
    if (differ(before[aspect], after[aspect])) aspects.push(aspect)
  }
  if (aspects.includes('type')) return aspects
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
  return type === 'list' && item ? `list of ${typeName(item)}` : type
}

/** Type changes that keep every value. */
const widenings = new Set([
  'int4>int8',
  'int4>double',
  'int4>text',
  'int8>text',
  'uuid>text',
  'enum>text',
  'boolean>text',
  'date>text',
  'decimal>text',
])

function keepsValues(before: FieldDescriptor, after: FieldDescriptor): boolean {
  const whole = (field: FieldDescriptor) => (field.precision ?? 0) - (field.scale ?? 0)
  if (before.type === 'decimal' && after.type === 'decimal') {
    return (after.scale ?? 0) >= (before.scale ?? 0) && whole(after) >= whole(before)
  }
  if (after.type === 'decimal' && (before.type === 'int4' || before.type === 'int8')) {
    return whole(after) >= (before.type === 'int4' ? 10 : 19)
  }
  return widenings.has(`${before.type}>${after.type}`)
}
