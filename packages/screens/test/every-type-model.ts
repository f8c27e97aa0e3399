/** An entity with a field of every type there is, and an optimistic lock; for tests of forms. */
import {
  belongsTo,
  boolean,
  bytes,
  date,
  datetime,
  decimal,
  defineModel,
  describe,
  Entity,
  float,
  id,
  int,
  int8,
  json,
  list,
  object,
  oneOf,
  string,
  uuid,
} from '@typestead/entity'

class Owner extends Entity('Owner', { id: id(), name: string().min(1) }) {}

class Thing extends Entity(
  'Thing',
  {
    code: string().min(2).max(10),
    reference: uuid(),
    text: string().max(50),
    long: string().max(2000).nullable(),
    email: string().email(),
    count: int().min(1).max(99),
    big: int8(),
    ratio: float(),
    price: decimal(6, 2),
    ready: boolean().default(true),
    known: boolean().nullable(),
    kind: oneOf('small', 'large'),
    at: datetime(),
    day: date(),
    extra: json(),
    raw: bytes(1024),
    pin: string().min(4).secret(),
    size: object({ width: int(), box: object({ label: string().min(1) }) }),
    tags: list(string().min(2)).default([]),
    parts: list(object({ part: string().min(1), amount: int() })),
    version: int().default(1),
    get owner() {
      return belongsTo(Owner)
    },
  },
  { key: ['code'], version: 'version' },
) {}

export const everyType = defineModel({ Owner, Thing })
export const everyTypeModel = describe(everyType)
