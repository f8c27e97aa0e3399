/** The blog's API: its names differ from those of the entities, and every output field may be null. */
import {
  type Api,
  all,
  create,
  graphql,
  one,
  type RequestContext,
  remove,
  show,
  update,
  view,
} from '@typestead/graphql'
import type { Database } from '@typestead/store'
import { Post, User } from './model.ts'

const blogPost = view(Post, {
  nullable: true,
  fields: { id: true, title: true, body: true, accountsUser: 'author' },
})

const accountsUser = view(User, {
  nullable: true,
  fields: { id: true, name: true, email: true, posts: show('posts', { as: 'BlogPost' }) },
})

const noPost = 'Post id {id} not found'

/** What resolvers and rules know of a request. */
export interface BlogContext extends RequestContext {
  readonly current: { readonly agent: string }
}

export function blogApi(db: Database): Api<BlogContext> {
  return graphql<BlogContext>(db, {
    types: { BlogPost: blogPost, AccountsUser: accountsUser },
    queries: {
      blogPosts: all(blogPost, { orderBy: { createdAt: 'asc' } }),
      blogPost: one(blogPost, { missing: noPost }),
      accountsUsers: all(accountsUser, { orderBy: { createdAt: 'asc' } }),
      accountsUser: one(accountsUser, { by: 'email', missing: 'User email {email} not found!' }),
    },
    mutations: {
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
    },
    // The step that reads the request: what it returns is there for every resolver and every rule.
    context: (request) => ({ current: { agent: request.headers.get('user-agent') ?? '' } }),
    graphiql: {
      title: 'The blog',
      query: '{\n  blogPosts { id title accountsUser { name } }\n}\n',
    },
  })
}
