/** The addresses of the API's pages. */
import { q, route } from '@typestead/screens'

export const planKinds = ['text', 'holes', 'general'] as const

export const graphiqlRoute = route('/api')
export const schemaRoute = route('/api/schema', {
  query: {
    type: q.string(),
    field: q.string(),
    text: q.string().default(''),
    deprecated: q.bool().default(false),
  },
})
export const operationsRoute = route('/api/operations', {
  query: {
    text: q.string().default(''),
    plan: q.oneOf('all', ...planKinds).default('all'),
  },
})
