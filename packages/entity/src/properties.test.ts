/** Properties that hold for every input. */
import fc from 'fast-check'
import { expect, it, describe as suite } from 'vitest'
import { accepts } from '../test/schema-validator.ts'
import {
  and,
  belongsTo,
  bindCurrent,
  boolean,
  bytes,
  type Condition,
  checkCreate,
  checkUpdate,
  current,
  date,
  datetime,
  decimal,
  defineModel,
  describe,
  diff,
  Entity,
  type FieldDefinition,
  float,
  fromWire,
  hasMany,
  id,
  int,
  int8,
  json,
  list,
  not,
  object,
  oneOf,
  or,
  parseRule,
  parseWhere,
  string,
  toJsonSchema,
  toWire,
  uuid,
  ValidationError,
  when,
} from './index.ts'
import { canonicalDecimal } from './number-field.ts'

class Owner extends Entity('Owner', {
  id: id(),
  name: string(),
  get things() {
    return hasMany(Thing, 'owner')
  },
}) {}
class Thing extends Entity('Thing', {
  id: id(),
  text: string().max(20),
  note: string().trim().nullable(),
  count: int().min(-5),
  big: int8(),
  ratio: float(),
  price: decimal(12, 3),
  flag: boolean().default(false),
  role: oneOf('a', 'b'),
  at: datetime(),
  day: date(),
  key: uuid(),
  raw: bytes(100),
  any: json(),
  tags: list(string(), 5),
  nested: object({ a: int8(), b: list(datetime()), c: string().nullable() }),
  get owner() {
    return belongsTo(Owner).nullable()
  },
}) {}
const model = defineModel({ Owner, Thing })
const meta = model.meta(Thing)

const storable = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0'))
const instants = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})
const int8s = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const decimals = fc
  .tuple(fc.boolean(), fc.nat(999_999_999), fc.nat(999), fc.nat(3), fc.nat(3))
  .map(
    ([negative, whole, fraction, before, after]) =>
      `${negative ? '-' : ''}${'0'.repeat(before)}${whole}.${String(fraction).padStart(3, '0')}${'0'.repeat(after)}`,
  )
// -0 has no form of its own in JSON.
const withoutNegativeZero = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) => (Object.is(one, -0) ? 0 : one))
const jsons = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => value !== null && !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)))
  .map(withoutNegativeZero)

const inputs = fc.record({
  text: fc.string({ maxLength: 20 }),
  note: fc.option(fc.string()),
  count: fc.integer({ min: -5, max: 2147483647 }),
  big: fc.oneof(int8s, int8s.map(String), fc.maxSafeInteger()),
  ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
  price: decimals,
  flag: fc.option(fc.boolean(), { nil: undefined }),
  role: fc.constantFrom('a', 'b'),
  at: fc.oneof(
    instants,
    instants.map((value) => value.toISOString()),
  ),
  day: instants.map((value) => value.toISOString().slice(0, 10)),
  key: fc.uuid().map((text) => text.toUpperCase()),
  raw: fc.uint8Array({ maxLength: 100 }),
  any: jsons,
  tags: fc.array(fc.string(), { maxLength: 5 }),
  nested: fc.record({ a: int8s, b: fc.array(instants), c: fc.option(fc.string()) }),
  owner: fc.option(fc.uuid()),
})

suite('checkCreate', () => {
  it('gives what it takes as it is', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const values = checkCreate(meta, input)
        expect(checkCreate(meta, values)).toEqual(values)
      }),
    )
  })

  it('throws nothing but ValidationError', () => {
    const names = [...meta.fields.keys(), ...meta.relations.keys(), '__proto__', 'constructor']
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 6 }),
      fc.object({
        maxDepth: 4,
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withTypedArray: true,
        withNullPrototype: true,
        withSparseArray: true,
        withObjectString: true,
      }),
      fc.anything(),
      fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.anything(), fc.jsonValue())),
      fc.tuple(inputs, fc.constantFrom(...names), fc.anything()).map(([input, name, value]) => ({
        ...input,
        [name]: value,
      })),
    )
    fc.assert(
      fc.property(anything, (input) => {
        for (const check of [checkCreate, checkUpdate, parseWhere]) {
          try {
            check(meta, input)
          } catch (error) {
            expect(error).toBeInstanceOf(ValidationError)
            for (const { path } of (error as ValidationError).issues) {
              for (const part of path) expect(['string', 'number']).toContain(typeof part)
            }
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('gives rows that the JSON Schema of a row accepts', () => {
    const schema = toJsonSchema(Thing)
    fc.assert(
      fc.property(inputs, (input) => {
        const values = checkCreate(meta, input)
        const wire = Object.entries(values).map(([name, value]) => {
          const definition = meta.fields.get(name)?.definition
          return [name, definition ? toWire(definition, value) : value]
        })
        expect(accepts(schema, Object.fromEntries(wire))).toBe(true)
      }),
    )
  })
})

suite('the JSON form', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const [name, value] of Object.entries(checkCreate(meta, input))) {
          const definition = meta.fields.get(name)?.definition
          if (!definition) continue
          const text = JSON.stringify(toWire(definition, value))
          const back = fromWire(definition, JSON.parse(text))
          // -0 is 0 in JSON.
          expect(back === 0 ? value === 0 : back).toEqual(back === 0 ? true : value)
        }
      }),
    )
  })
})

suite('canonicalDecimal', () => {
  it('says itself again, and keeps the number', () => {
    fc.assert(
      fc.property(decimals, (text) => {
        const canonical = canonicalDecimal(text, 3)
        expect(canonicalDecimal(canonical, 3)).toBe(canonical)
        expect(canonical).toMatch(/^-?(0|[1-9]\d*)\.\d{3}$/)
        expect(thousandths(canonical)).toBe(thousandths(text))
      }),
    )
  })

  function thousandths(text: string): bigint {
    const [whole = '', fraction = ''] = text.replace('-', '').split('.')
    const amount = BigInt(whole) * 1000n + BigInt(fraction.slice(0, 3).padEnd(3, '0'))
    return text.startsWith('-') ? -amount : amount
  }
})

const leaves = fc.oneof(
  fc.record({ text: fc.oneof(storable, fc.constant(current('text'))) }),
  fc.record({
    count: fc.record({
      gt: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(current('count'))),
    }),
  }),
  fc.record({ owner: fc.oneof(fc.uuid(), fc.constant(current('owner')), fc.constant(null)) }),
  fc.record({ tags: fc.record({ contains: fc.oneof(storable, fc.constant(current('text'))) }) }),
  fc.record({ role: fc.record({ notIn: fc.constant(current('roles')) }) }),
  fc.constant(when({ role: 'admin' })),
  fc.constant({}),
)
const { rule: rules } = fc.letrec((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    fc.record({ and: fc.array(tie('rule'), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('rule'), { maxLength: 3 }) }),
    fc.record({ not: tie('rule') }),
    fc.record({ owner: fc.record({ things: fc.record({ none: tie('rule') }) }) }),
  ),
}))
const known = fc.record(
  {
    text: fc.oneof(storable, fc.integer()),
    count: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.string()),
    owner: fc.oneof(fc.uuid(), fc.constant('nobody')),
    roles: fc.array(fc.constantFrom('a', 'b', 'c')),
    role: fc.constantFrom('admin', 'reader'),
  },
  { requiredKeys: [] },
)

function everyPart(condition: Condition): Condition[] {
  if (condition.op === 'and' || condition.op === 'or') {
    return [condition, ...condition.of.flatMap(everyPart)]
  }
  if (condition.op === 'not') return [condition, ...everyPart(condition.of)]
  if (condition.op === 'related') return [condition, ...everyPart(condition.where)]
  return [condition]
}

function parsed(rule: unknown): Condition | undefined {
  try {
    return parseRule(meta, rule)
  } catch (error) {
    // Nested too deep: the one thing that can be wrong with these rules.
    if (error instanceof ValidationError) return undefined
    throw error
  }
}

suite('conditions', () => {
  it('not(not(c)) is c', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const condition = parsed(rule)
        if (condition) expect(not(not(condition))).toEqual(condition)
      }),
    )
  })

  it('bound, know everything and are folded', () => {
    fc.assert(
      fc.property(rules, known, (rule, values) => {
        const condition = parsed(rule)
        if (!condition) return
        const whole = bindCurrent(condition, values)
        for (const part of everyPart(whole)) {
          expect(part.op).not.toBe('when')
          if (part.op === 'compare' || part.op === 'key') {
            expect(part.value).not.toHaveProperty('$current')
            expect(['ne', 'notIn']).not.toContain(part.operator)
          }
          if (part !== whole && (part.op === 'always' || part.op === 'never')) {
            // Only whether there are rows at all is left to ask.
            expect(everyPart(whole).some((one) => one.op === 'related')).toBe(true)
          }
        }
        expect(bindCurrent(whole, {})).toEqual(whole)
      }),
    )
  })

  it('knowing less never shows more: a missing value is worse than any', () => {
    const row = { text: 'x', count: 5, owner: null, tags: ['x'], role: 'a' }
    const withoutRelations = rules.filter((rule) => !JSON.stringify(rule).includes('things'))
    const less = known.map(({ role, ...others }) => ({ role, ...others }))
    fc.assert(
      fc.property(
        withoutRelations,
        less,
        fc.constantFrom('text', 'count', 'owner', 'roles'),
        (rule, values, name) => {
          const condition = parsed(rule)
          if (!condition) return
          const without = bindCurrent(condition, { ...values, [name]: undefined })
          const within = bindCurrent(condition, values)
          if (holds(without, row)) expect(holds(within, row)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('hold as plain logic says', () => {
    const row = { text: 'x', count: 5, owner: null, tags: ['x'], role: 'a' }
    fc.assert(
      fc.property(fc.array(leaves, { maxLength: 4 }), known, (some, values) => {
        const conditions = some.map((one) => bindCurrent(parseRule(meta, one), values))
        expect(holds(and(conditions), row)).toBe(conditions.every((one) => holds(one, row)))
        expect(holds(or(conditions), row)).toBe(conditions.some((one) => holds(one, row)))
        for (const one of conditions) expect(holds(not(one), row)).toBe(!holds(one, row))
      }),
    )
  })

  /** What a store would answer for one row; of relations, this row has none. */
  function holds(condition: Condition, row: Record<string, unknown>): boolean {
    switch (condition.op) {
      case 'always':
        return true
      case 'and':
        return condition.of.every((one) => holds(one, row))
      case 'or':
        return condition.of.some((one) => holds(one, row))
      case 'not':
        return !holds(condition.of, row)
      case 'isNull':
        return row[condition.relation.name] === null
      case 'compare': {
        const value = row[condition.field]
        const operand = condition.value
        if (condition.operator === 'eq') return value === operand
        if (condition.operator === 'in') return (operand as unknown[]).includes(value)
        if (condition.operator === 'has') return (value as unknown[]).includes(operand)
        return (value as number) > (operand as number)
      }
      default:
        return false
    }
  }
})

suite('diff', () => {
  const kinds = fc.constantFrom<() => ReturnType<typeof string> | ReturnType<typeof int>>(
    () => string(),
    () => string().nullable() as never,
    () => int().default(3) as never,
    () => list(string()) as never,
    () => object({ a: int(), b: string().nullable() }) as never,
  )
  const shapes = fc.uniqueArray(fc.tuple(fc.constantFrom(...'abcdefgh'), kinds), {
    selector: ([name]) => name,
    maxLength: 8,
  })

  function modelOf(fields: Record<string, unknown>) {
    class One extends Entity('One', { id: id(), ...fields }) {}
    return describe(defineModel({ One }))
  }

  it('of a model and itself is empty, also after a store', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const descriptor = modelOf(Object.fromEntries(shape.map(([name, make]) => [name, make()])))
        expect(diff(descriptor, descriptor)).toEqual([])
        expect(diff(JSON.parse(JSON.stringify(descriptor)), descriptor)).toEqual([])
      }),
    )
  })

  it('of renamed fields renames them all, and nothing else', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const before = Object.fromEntries(shape.map(([name, make]) => [name, make()]))
        const after = Object.fromEntries(
          shape.map(([name, make]) => [`${name}New`, make().was(name)]),
        )
        const changes = diff(modelOf(before), modelOf(after))
        expect(changes.map(({ kind }) => kind)).toEqual(shape.map(() => 'renameField'))
        expect(diff(modelOf(after), modelOf(after))).toEqual([])
      }),
    )
  })

  it('drops in one direction what it adds in the other', () => {
    fc.assert(
      fc.property(shapes, shapes, (one, other) => {
        const [a, b] = [one, other].map((shape) =>
          modelOf(Object.fromEntries(shape.map(([name, make]) => [name, make()]))),
        ) as [ReturnType<typeof modelOf>, ReturnType<typeof modelOf>]
        const named = (kind: string, changes: ReturnType<typeof diff>) =>
          changes
            .filter((change) => change.kind === kind)
            .map(nameOf)
            .toSorted()
        expect(named('addField', diff(a, b))).toEqual(named('dropField', diff(b, a)))
        expect(named('changeField', diff(a, b))).toEqual(named('changeField', diff(b, a)))
      }),
    )
  })

  function nameOf(change: ReturnType<typeof diff>[number]): string {
    if (change.kind === 'addField' || change.kind === 'changeField') return change.after.name
    return change.kind === 'dropField' ? change.before.name : ''
  }
})

it('a definition is never changed by what is made of it', () => {
  const base = string()
  const before: FieldDefinition = { ...base.definition }
  base.min(1).max(2).nullable().unique().was('x').secret().readonly().describe('x')
  expect(base.definition).toEqual(before)
})
