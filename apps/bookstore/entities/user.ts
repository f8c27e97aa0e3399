/**
 * Someone with an account: signs in, writes posts and reviews, places orders. Anyone may make one, only as a reader; who
 * is signed in changes their own account; what concerns roles is for admins.
 */
import {
  createdAt,
  current,
  Entity,
  hasMany,
  id,
  oneOf,
  string,
  updatedAt,
} from '@typestead/entity'
import { hashPassword } from 'typestead'
import { Order } from './order.ts'
import { Post } from './post.ts'
import { Review } from './review.ts'
import { admin, roles } from './roles.ts'

export class User extends Entity(
  'User',
  {
    id: id(),
    email: string()
      .trim()
      .lowercase()
      .max(254)
      .email('Please give an e-mail address, such as ann@example.com')
      .unique()
      .describe('What the user signs in with.'),
    firstName: string().trim().min(1, 'Please give a first name').max(80),
    lastName: string().trim().max(80).nullable(),
    password: string()
      .min(8, 'A password has at least 8 characters')
      .max(200, 'A password has at most 200 characters')
      .secret(),
    role: oneOf(...roles).default('reader'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    get posts() {
      return hasMany(Post, 'author')
    },
    get reviews() {
      return hasMany(Review, 'user')
    },
    get orders() {
      return hasMany(Order, 'customer').describe('Only those that the caller may see.')
    },
  },
  {
    description: 'Someone with an account in the shop.',
    allow: {
      create: [admin, { role: 'reader' }],
      update: [admin, { id: current('userId'), role: 'reader' }],
      delete: admin,
    },
  },
) {
  get name(): string {
    return this.lastName === null ? this.firstName : `${this.firstName} ${this.lastName}`
  }

  /** What is stored in place of a password; checked at sign-in. */
  static hashPassword(password: string): Promise<string> {
    return hashPassword(password)
  }
}
