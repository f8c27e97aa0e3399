import {
  belongsTo,
  datetime,
  decimal,
  defineModel,
  describe as descriptorOf,
  diff,
  Entity,
  type EntityLike,
  id,
  int,
  oneOf,
  string,
} from '@typestead/entity'
import { describe, expect, test } from 'vitest'
import { toDocument } from './documents.ts'
import { countedUniques, rewrite } from './rewrite.ts'

const key = '018f0000-0000-7000-8000-00000000000a'

class Owner extends Entity('Owner', { id: id() }) {}

function rewritten(before: EntityLike, after: EntityLike, values: object) {
  const old = defineModel({ Owner, [before.entityName]: before })
  const next = defineModel({ Owner, [after.entityName]: after })
  const changes = diff(descriptorOf(old), descriptorOf(next))
  const meta = next.meta(after)
  const document = toDocument(old.meta(before), { id: key, ...values })
  const first = rewrite(meta, changes, document)
  // A second run, after a migration was broken off, changes nothing.
  expect(rewrite(meta, changes, first.after).changed).toBe(false)
  return { ...first, meta }
}

describe('a document', () => {
  class Old extends Entity('Thing', {
    id: id(),
    name: string().unique(),
    size: int().nullable(),
    price: decimal(6, 2),
  }) {}
  const values = { name: 'a', size: null, price: '1.50' }

  test('that nothing concerns stays', () => {
    expect(rewritten(Old, Old, values).changed).toBe(false)
  })

  test('is renamed, with the store’s own parts', () => {
    class Next extends Entity('Thing', {
      id: id(),
      label: string().unique().was('name'),
      size: int().nullable(),
      cost: decimal(6, 2).was('price'),
    }) {}
    expect(rewritten(Old, Next, values).after).toEqual({
      _id: key,
      _rev: 1,
      label: 'a',
      size: null,
      cost: '1.50',
      _sort: { cost: '1000115' },
      _unique: { label: '["a"]' },
    })
  })

  test('is filled by back-fill, default or null', () => {
    class Next extends Entity('Thing', {
      ...Old.fields,
      slug: string().backfill((row) => `${row.name}-${row.id}`),
      state: oneOf('new', 'old').default('new'),
      note: string().nullable(),
      size: int().default(7),
    }) {}
    expect(rewritten(Old, Next, values).after).toMatchObject({
      slug: `a-${key}`,
      state: 'new',
      note: null,
      size: 7,
    })
  })

  test('loses what is dropped', () => {
    class Next extends Entity('Thing', { id: id(), size: int().nullable() }) {}
    expect(rewritten(Old, Next, values).after).toEqual({ _id: key, _rev: 1, size: null })
  })

  test('frees its unique places when it is deleted softly', () => {
    class Plain extends Entity('Thing', {
      id: id(),
      name: string().unique(),
      gone: datetime().nullable(),
    }) {}
    class Soft extends Entity('Thing', Plain.fields, { softDelete: 'gone' }) {}
    const { after, meta } = rewritten(Plain, Soft, { name: 'a', gone: new Date(0) })
    expect(countedUniques(meta, after)).toEqual([])
  })

  test('that cannot be brought over says which field, and no value', () => {
    class Next extends Entity('Thing', { ...Old.fields, name: int() }) {}
    expect(() => rewritten(Old, Next, { ...values, name: 'hidden' })).toThrow(
      'Thing.name: a value cannot become int4',
    )
    class Linked extends Entity('Thing', {
      ...Old.fields,
      get parent() {
        return belongsTo(Owner)
      },
    }) {}
    expect(() => rewritten(Old, Linked, values)).toThrow(
      'Thing.parent: rows that exist link to no Owner',
    )
  })
})
