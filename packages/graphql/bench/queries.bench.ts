/** Queries beside other GraphQL servers over the same rows, tenant and rule in every query, answers compared. */
import { type Goal, type Json, type ModuleSide, measure } from '../../../bench/measure.ts'
import { type Changing, variablesAt } from '../../../bench/peers/graphql/serve.ts'
import { data, prepare } from './blog.ts'
import { load } from './load.ts'

const peer = (name: string) => new URL(`../../../bench/peers/graphql/${name}.ts`, import.meta.url)
const ours = new URL('./side.ts', import.meta.url)

interface Question {
  readonly query: string
  readonly plan: 'text' | 'holes'
  /** In process, and over HTTP, in one repetition. */
  readonly times: number
  readonly requests: number
  readonly raw?: string
  readonly postgraphile?: string
  readonly only?: readonly string[]
  /** Each request brings other values. */
  readonly changing?: Changing
  /** How the peers of one schema ask for the same. */
  readonly peers?: string
}

const seen = 'condition: {tenant: "a", hidden: false}'
const questions = {
  'one user': {
    query: '{ user(email: "a0500@example.org") { id email firstName } }',
    plan: 'text',
    times: 100,
    requests: 200,
    raw: 'user',
  },
  '50 users with 19 posts': {
    query: '{ users(first: 50) { email posts { title likes } } }',
    plan: 'text',
    times: 8,
    requests: 40,
    raw: 'list',
    postgraphile: `{ users: allUsersList(${seen}, orderBy: [EMAIL_ASC], first: 50) { email posts: postsByAuthorIdList(${seen}) { title likes } } }`,
  },
  'another user each time': {
    query: 'query ($email: String!) { user(email: $email) { id email firstName } }',
    plan: 'text',
    times: 100,
    requests: 200,
    changing: 'email',
    only: ['yoga', 'graphql-jit'],
  },
  '10 users with 19 posts, others each time': {
    query:
      'query ($from: String!) { users(first: 10, where: {email: {gte: $from}}) { email posts { title likes } } }',
    peers:
      'query ($from: String!) { users(first: 10, from: $from) { email posts { title likes } } }',
    plan: 'text',
    times: 30,
    requests: 100,
    changing: 'from',
    only: ['yoga', 'graphql-jit'],
  },
  'four levels': {
    query: '{ users(first: 20) { email posts { title comments { text author { email } } } } }',
    plan: 'text',
    times: 4,
    requests: 15,
    raw: 'levels',
    postgraphile: `{ users: allUsersList(${seen}, orderBy: [EMAIL_ASC], first: 20) { email posts: postsByAuthorIdList(${seen}) { title comments: commentsByPostIdList(${seen}) { text author: userByAuthorId { email } } } } }`,
  },
  'a function in each row': {
    query: '{ users(first: 50) { email posts { title likes shout } } }',
    plan: 'holes',
    times: 8,
    requests: 40,
  },
  'a page of 100 posts': {
    query:
      '{ postPages(first: 100) { edges { node { title likes } } pageInfo { hasNextPage } totalCount } }',
    plan: 'text',
    times: 20,
    requests: 60,
    postgraphile: `{ postPages: allPosts(${seen}, first: 100) { edges { node { title likes } } pageInfo { hasNextPage } totalCount } }`,
    only: ['postgraphile'],
  },
} as const satisfies Readonly<Record<string, Question>>

const resolvers = ['yoga', 'pothos', 'type-graphql', 'graphql-jit'] as const

export const measures = Object.entries(questions).flatMap(([name, asked]) =>
  (['process', 'http'] as const).map((over) => measureOf(name, asked, over)),
)

function measureOf(name: string, asked: Question, over: 'process' | 'http') {
  const { query, times, plan, changing } = asked
  const args = { data, query, times, over, plan, ...(changing === undefined ? {} : { changing }) }
  const side = (module: URL, more: Record<string, Json> = {}, maker = 'bench'): ModuleSide => ({
    module,
    export: maker,
    args: { ...args, ...more },
    prepare,
  })
  const sides: Record<string, ModuleSide> = {}
  for (const one of resolvers) {
    const same = asked.peers === undefined ? {} : { query: asked.peers }
    if (asked.only?.includes(one) ?? true) sides[one] = side(peer(one), same)
  }
  if (asked.postgraphile)
    sides.postgraphile = side(peer('postgraphile'), { query: asked.postgraphile })
  if (asked.raw) sides['raw pg, by hand'] = side(peer('raw-pg'), { statement: asked.raw })
  if (plan === 'text' && !changing) sides['raw pg, our SQL'] = side(ours, {}, 'sameSql')
  return measure<string>({
    name: `${name}, ${over === 'http' ? 'over HTTP' : 'in process'}, ${plan} plan`,
    unit: 'request',
    sides: { typestead: side(ours), ...sides },
    goals: goalsOf(name, over),
    ...(over === 'http'
      ? {
          load: (url: string) =>
            load(url, asked.requests, undefined, (index) => variablesAt(changing, index)),
        }
      : {}),
  })
}

function goalsOf(name: string, over: string): readonly Goal<string>[] {
  if (over !== 'http') return []
  if (name === '50 users with 19 posts') {
    return [
      { against: 'yoga', atLeast: 8 },
      { against: 'postgraphile', atLeast: 4 },
      { against: 'raw pg, our SQL', atLeast: 0.85 },
    ]
  }
  return name === 'four levels' ? [{ against: 'yoga', atLeast: 12 }] : []
}
