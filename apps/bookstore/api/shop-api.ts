/**
 * The shop's GraphQL API: all that both articles' APIs have, by the same names, and the catalogue, reviews and orders
 * under the rules of their entities.
 */
import {
  type Api,
  all,
  changed,
  computed,
  connection,
  create,
  graphql,
  mutation,
  one,
  query,
  remove,
  resolved,
  show,
  update,
  view,
} from '@typestead/graphql'
import type { Database } from '@typestead/store'
import type { App } from 'typestead'
import { Author } from '../entities/author.ts'
import { Book } from '../entities/book.ts'
import { Order } from '../entities/order.ts'
import { OrderLine } from '../entities/order-line.ts'
import { Post } from '../entities/post.ts'
import { Review } from '../entities/review.ts'
import { User } from '../entities/user.ts'
import { createAccount, updateAccount } from './accounts.ts'
import { type ShopContext, signedInUser } from './caller.ts'
import { formOf } from './forms.ts'
import { cancelOrder, placeOrder, type Wanted } from './orders.ts'

const noPost = 'Post id {id} not found'

const shownUser = view(User, {
  omit: ['role'],
  add: {
    posts: show('posts', { as: 'BlogPost', arguments: true }),
    reviews: show('reviews', { arguments: true }),
    orders: show('orders', { arguments: true }),
    role: resolved<typeof User, ShopContext>({
      type: 'UserRole',
      needs: ['id', 'role'],
      description: 'Only for admins and the user; null for others.',
      resolve: ({ id, role }, _, { current }) =>
        current.role === 'admin' || current.userId === id ? role : null,
    }),
  },
})

/** The second view of a user, as the article on blogs has it. */
const accountsUser = view(User, {
  nullable: true,
  fields: {
    id: true,
    name: computed<typeof User, 'firstName' | 'lastName'>(
      'String',
      ['firstName', 'lastName'],
      ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(' '),
    ),
    email: true,
    posts: show('posts', { as: 'BlogPost' }),
  },
})

const blogPost = view(Post, {
  nullable: true,
  fields: {
    id: true,
    title: true,
    body: true,
    accountsUser: show('author', { as: 'AccountsUser' }),
    createdAt: true,
    updatedAt: true,
  },
})

export function shopApi(db: Database, app: Pick<App, 'current'>): Api<ShopContext> {
  return graphql<ShopContext>(db, {
    types: {
      User: shownUser,
      AccountsUser: accountsUser,
      BlogPost: blogPost,
      Author: view(Author, { add: { books: show('books', { arguments: true }) } }),
      Book: view(Book, {
        omit: ['orderLines'],
        add: { reviews: show('reviews', { arguments: true }) },
      }),
      Review: view(Review, { add: { user: show('user', { as: 'User' }) } }),
      Order: view(Order, { add: { customer: show('customer', { as: 'User' }) } }),
      OrderLine: view(OrderLine),
    },
    inputs: { WantedBook: { book: 'ID!', quantity: 'Int!' } },
    expose: [User, Author, Book, Review, Order, OrderLine],
    queries: {
      User: one(shownUser),
      blogPosts: all(blogPost, { orderBy: { createdAt: 'asc' } }),
      blogPost: one(blogPost, { missing: noPost }),
      accountsUsers: all(accountsUser, { orderBy: { createdAt: 'asc' } }),
      accountsUser: one(accountsUser, { by: 'email', missing: 'User email {email} not found!' }),
      posts: connection(blogPost, { orderBy: { createdAt: 'desc' } }),
      bookByIsbn: one(Book, { by: 'isbn' }),
      me: query<ShopContext>({
        type: 'User',
        description: 'Who is signed in; null for nobody.',
        resolve: (_, { db: mine, current }) =>
          current.userId === undefined ? null : mine.get(User, current.userId),
      }),
      form: query<ShopContext, { readonly entity: 'String!' }>({
        type: 'JSON!',
        description:
          'What a form for an entity needs to know: its fields, their checks and relations.',
        arguments: { entity: 'String!' },
        resolve: ({ entity }) => formOf(entity),
      }),
    },
    subscriptions: { bookChanged: changed(Book), orderChanged: changed(Order) },
    mutations: {
      createUser: create<typeof User, ShopContext>(shownUser, {
        resolve: (values, { db: mine }) => createAccount(mine, values),
      }),
      updateUser: update<typeof User, ShopContext>(shownUser, {
        resolve: (id, values, { db: mine }) => updateAccount(mine, String(id), values),
      }),
      createPost: create(blogPost, {
        arguments: { title: true, body: true, accountsUserId: 'author' },
        unlinked: { author: 'User id {accountsUserId} not found' },
      }),
      updatePost: update(blogPost, {
        input: {
          name: 'UpdatePostParams',
          argument: 'post',
          required: false,
          fields: { title: true, body: true, accountsUserId: 'author' },
        },
        missing: noPost,
      }),
      deletePost: remove(blogPost, { missing: noPost }),
      placeOrder: mutation<ShopContext, typeof placing>({
        type: 'Order!',
        description:
          'Orders books at today’s prices, for who is signed in. With an id of the caller’s, asking twice places one order.',
        arguments: placing,
        resolve: ({ id, lines, shipTo }, caller) =>
          placeOrder(db, {
            customer: signedInUser(caller),
            // GraphQL has checked the input types of the application against their declarations.
            lines: lines as readonly Wanted[],
            shipTo,
            id,
          }),
      }),
      cancelOrder: mutation<ShopContext, { readonly id: 'ID!' }>({
        type: 'Order!',
        description: 'Cancels an order that has not been shipped.',
        arguments: { id: 'ID!' },
        resolve: ({ id }, caller) => {
          signedInUser(caller)
          return cancelOrder(db, caller.current, id)
        },
      }),
    },
    context: (request) => ({ current: { ...app.current(request) } }),
  })
}

const placing = { lines: '[WantedBook!]!', shipTo: 'OrderShipToInput!', id: 'ID' } as const
