/** The API of users: a query, two mutations, and nothing else. Its types come from the class. */
import {
  type Api,
  create,
  graphql,
  one,
  type RequestContext,
  update,
  view,
} from '@typestead/graphql'
import type { Database } from '@typestead/store'
import { User } from './user.ts'
import { UserService } from './user-service.ts'

/** What every resolver gets, typed. */
interface UserContext extends RequestContext {
  readonly users: UserService
}

export function userApi(db: Database): Api<UserContext> {
  const users = new UserService(db)
  return graphql<UserContext>(db, {
    types: { User: view(User) },
    queries: { User: one(User) },
    mutations: {
      createUser: create<typeof User, UserContext>(User, {
        resolve: (values, context) => context.users.create(values),
      }),
      updateUser: update<typeof User, UserContext>(User, {
        resolve: (id, values, context) => context.users.update(String(id), values),
      }),
    },
    context: () => ({ users }),
  })
}
