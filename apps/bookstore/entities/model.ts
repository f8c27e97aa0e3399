/** All entities of the shop. */
import { defineModel } from '@typestead/entity'
import { Session } from 'typestead'
import { Author } from './author.ts'
import { Book } from './book.ts'
import { Order } from './order.ts'
import { OrderLine } from './order-line.ts'
import { Post } from './post.ts'
import { Review } from './review.ts'
import { User } from './user.ts'

export const model = defineModel({ User, Author, Book, Review, Order, OrderLine, Post, Session })
