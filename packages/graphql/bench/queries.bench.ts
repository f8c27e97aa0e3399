/** What queries cost beside graphql-yoga with dataloader, over the same rows; rows of lists in the same order. */
import { measure } from '../../../bench/measure.ts'
import { data, prepare } from './blog.ts'

const peer = (name: string) => new URL(`../../../bench/peers/graphql/${name}.ts`, import.meta.url)

let prepared: Promise<void> | undefined

const queries = {
  'one user': ['{ user(email: "u0500@example.org") { id email firstName } }', 100],
  '50 users with 20 posts': ['{ users(first: 50) { email posts { title likes } } }', 5],
  'four levels': [
    '{ users(first: 20) { email posts { title author { email posts { title } } } } }',
    2,
  ],
} as const

export const measures = Object.entries(queries).map(([name, [query, times]]) =>
  measure({
    name,
    unit: 'request',
    sides: {
      typestead: {
        module: new URL('./blog.ts', import.meta.url),
        args: { data, query, times },
        prepare: () => (prepared ??= prepare()),
      },
      yoga: {
        module: peer('yoga'),
        args: { data, query, times },
      },
    },
  }),
)
