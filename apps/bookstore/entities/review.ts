/** What a reader thinks of a book: one review of each book by each user. Everyone reads it; its writer and admins change it. */
import {
  belongsTo,
  createdAt,
  current,
  Entity,
  id,
  int,
  string,
  updatedAt,
} from '@typestead/entity'
import { Book } from './book.ts'
import { admin } from './roles.ts'
import { User } from './user.ts'

const own = [admin, { user: current('userId') }]

export class Review extends Entity(
  'Review',
  {
    id: id(),
    rating: int().min(1, 'A rating is from 1 to 5').max(5, 'A rating is from 1 to 5').index(),
    title: string().trim().min(1).max(200),
    body: string().max(8000).nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    get book() {
      return belongsTo(Book).readonly().onDelete('cascade')
    },
    get user() {
      return belongsTo(User).readonly().onDelete('cascade')
    },
  },
  {
    unique: [['user', 'book']],
    description: 'What a reader thinks of a book.',
    allow: { create: own, update: own, delete: own },
  },
) {}
