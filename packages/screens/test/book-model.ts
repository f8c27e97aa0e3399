/** A model as an app would have it, for tests of forms: real entities, and the same with one field more. */
import {
  belongsTo,
  boolean,
  createdAt,
  date,
  datetime,
  decimal,
  defineModel,
  describe,
  Entity,
  id,
  int,
  json,
  list,
  object,
  oneOf,
  string,
} from '@typestead/entity'

class Author extends Entity('Author', { id: id(), name: string().min(1) }) {}

const fields = {
  id: id(),
  title: string().min(1).max(80).describe('As on the cover'),
  blurb: string().max(2000).nullable(),
  contact: string().email().nullable(),
  pages: int().min(1),
  price: decimal(8, 2),
  format: oneOf('paperback', 'hardcover', 'ebook'),
  inPrint: boolean().default(true),
  published: date().nullable(),
  embargo: datetime().nullable(),
  pin: string().secret().nullable(),
  size: object({ width: int(), height: int() }).nullable(),
  tags: list(string().min(2)).default([]),
  extra: json().nullable(),
  createdAt: createdAt(),
}

class Book extends Entity('Book', {
  ...fields,
  get author() {
    return belongsTo(Author)
  },
}) {}

/** The entity after somebody added one field to the class. */
class GrownBook extends Entity('Book', {
  ...fields,
  subtitle: string().max(120).nullable(),
  get author() {
    return belongsTo(Author)
  },
}) {}

export const bookModel = describe(defineModel({ Author, Book }))
export const grownModel = describe(defineModel({ Author, Book: GrownBook }))
