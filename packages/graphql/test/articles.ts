/** The two articles' programs as declarations, and Bookstore's view of both in one API. */
import {
  belongsTo,
  createdAt,
  defineModel,
  Entity,
  hasMany,
  id,
  string,
  updatedAt,
} from '@typestead/entity'
import type { Database } from '@typestead/store'
import {
  type ApiOptions,
  all,
  computed,
  create,
  graphql,
  one,
  remove,
  update,
  view,
} from '../src/index.ts'

export class User extends Entity('User', {
  id: id(),
  email: string().email('must be an e-mail address').unique(),
  firstName: string().min(1),
  lastName: string().nullable(),
  password: string().min(8).secret(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  get posts() {
    return hasMany(Post, 'author')
  },
}) {}

export class Post extends Entity('Post', {
  id: id(),
  title: string(),
  body: string(),
  get author() {
    return belongsTo(User).onDelete('cascade')
  },
}) {}

export const model = defineModel({ User, Post })

const ArticleUser = view(User, { omit: ['posts'] })

export const articleOne = (db: Database) =>
  graphql(db, {
    types: { User: ArticleUser },
    queries: { User: one(ArticleUser) },
    mutations: {
      createUser: create(ArticleUser, {
        resolve: (values, context) =>
          context.db.create(User, { ...values, password: `hashed:${values.password}` } as never),
      }),
      updateUser: update(ArticleUser),
    },
  })

const BlogPost = view(Post, {
  nullable: true,
  fields: { id: true, title: true, body: true, accountsUser: 'author' },
})

const AccountsUser = view(User, {
  nullable: true,
  fields: {
    id: true,
    name: computed('String', ['firstName', 'lastName'], ({ firstName, lastName }) =>
      lastName === null ? firstName : `${firstName} ${lastName}`,
    ),
    email: true,
    posts: true,
  },
})

export const articleFive = (db: Database, options: Pick<ApiOptions, 'onError'> = {}) =>
  graphql(db, {
    ...options,
    types: { BlogPost, AccountsUser },
    queries: {
      blogPosts: all(BlogPost),
      blogPost: one(BlogPost, { missing: 'Post id {id} not found' }),
      accountsUsers: all(AccountsUser),
      accountsUser: one(AccountsUser, { by: 'email', missing: 'User email {email} not found!' }),
    },
    mutations: {
      createPost: create(BlogPost, {
        arguments: { title: true, body: true, accountsUserId: 'author' },
        unlinked: { author: 'User id {accountsUserId} not found' },
      }),
      updatePost: update(BlogPost, {
        input: {
          name: 'UpdatePostParams',
          argument: 'post',
          required: false,
          fields: { title: true, body: true, accountsUserId: 'author' },
        },
        unlinked: { author: 'User id {accountsUserId} not found' },
        missing: 'Post id {id} not found',
      }),
      deletePost: remove(BlogPost, { missing: 'Post id {id} not found' }),
    },
  })

/** As the articles print them, in the order in which `sdl` does. */
export const articleOneSdl = `
type User { id: ID! email: String! firstName: String! lastName: String createdAt: DateTime! updatedAt: DateTime! }
type Query { User(id: ID!): User }
type Mutation { createUser(data: UserCreateInput!): User!  updateUser(id: ID!, data: UserUpdateInput!): User }
input UserCreateInput { email: String! firstName: String! lastName: String password: String! }
input UserUpdateInput { email: String firstName: String lastName: String password: String }
scalar DateTime
`

export const articleFiveSdl = `
type Query { blogPosts: [BlogPost]  blogPost(id: ID!): BlogPost
  accountsUsers: [AccountsUser]  accountsUser(email: String!): AccountsUser }
type Mutation { createPost(title: String!, body: String!, accountsUserId: ID!): BlogPost
  updatePost(id: ID!, post: UpdatePostParams): BlogPost  deletePost(id: ID!): BlogPost }
type AccountsUser { id: ID name: String email: String posts: [BlogPost] }
type BlogPost { id: ID title: String body: String accountsUser: AccountsUser }
input UpdatePostParams { title: String body: String accountsUserId: ID }
`
