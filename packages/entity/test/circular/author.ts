/** One of two files that import each other. */
import { Entity, hasMany, id, string } from '../../src/index.ts'
import { Book } from './book.ts'

export class Author extends Entity('Author', {
  id: id(),
  name: string(),
  get books() {
    return hasMany(Book, 'author')
  },
}) {
  greeting(): string {
    return `I am ${this.name}`
  }
}
