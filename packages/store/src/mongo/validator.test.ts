import {
  belongsTo,
  decimal,
  defineModel,
  Entity,
  float,
  id,
  int8,
  list,
  string,
} from '@typestead/entity'
import { expect, test } from 'vitest'
import { validatorOf } from './validator.ts'

class Owner extends Entity('Owner', { id: id(), name: string().min(3) }) {}
class Thing extends Entity(
  'Thing',
  {
    code: string(),
    big: int8().nullable(),
    price: decimal(8, 2),
    weight: float(),
    grid: list(list(string())),
    get owner() {
      return belongsTo(Owner)
    },
  },
  { key: ['owner', 'code'] },
) {}
const model = defineModel({ Owner, Thing })

test('a validator describes documents: the key as _id, texts by code points, lists in lists as they are kept', () => {
  expect(validatorOf(model.meta(Owner)).$jsonSchema).toMatchObject({
    required: ['_id', '_rev', 'name'],
    properties: { _id: { bsonType: 'string' }, name: { bsonType: 'string', minLength: 2 } },
  })
  expect(validatorOf(model.meta(Thing)).$jsonSchema).toMatchObject({
    required: ['_id', '_rev', 'big', 'price', 'weight', 'grid'],
    properties: {
      _id: {
        bsonType: 'object',
        properties: { owner: { bsonType: 'string' }, code: { bsonType: 'string' } },
        required: ['owner', 'code'],
      },
      big: { bsonType: ['long', 'null'] },
      price: { bsonType: 'string' },
      grid: { bsonType: 'array', items: {} },
    },
  })
})
