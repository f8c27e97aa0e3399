/** Who wrote books. Everyone sees authors; admins keep them. */
import { createdAt, Entity, hasMany, id, int, string, updatedAt } from '@typestead/entity'
import { Book } from './book.ts'
import { admin } from './roles.ts'

export class Author extends Entity(
  'Author',
  {
    id: id(),
    name: string().trim().min(1).max(160).index(),
    bornIn: int().min(-3000).max(2100).nullable().describe('The year of birth.'),
    country: string().max(80).nullable(),
    biography: string().max(4000).default(''),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    get books() {
      return hasMany(Book, 'author')
    },
  },
  {
    description: 'Who wrote books of the catalogue.',
    allow: { create: admin, update: admin, delete: admin },
  },
) {}
