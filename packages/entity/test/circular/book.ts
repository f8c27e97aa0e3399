/** The other of two files that import each other. */
import { belongsTo, Entity, id, string } from '../../src/index.ts'
import { Author } from './author.ts'

export class Book extends Entity('Book', {
  id: id(),
  title: string(),
  get author() {
    return belongsTo(Author)
  },
  get sequelOf() {
    return belongsTo(Book).nullable()
  },
}) {}
