/** The addresses of Operations; filters are in them. */
import { q, route } from '@typestead/screens'

export const levels = ['debug', 'info', 'warn', 'error'] as const

export const overviewRoute = route('/operations')
export const logsRoute = route('/operations/log', {
  query: {
    level: q.oneOf(...levels).default('debug'),
    text: q.string().default(''),
    /** Requests of the workbench itself are shown too. */
    workbench: q.bool().default(false),
  },
})
export const tracesRoute = route('/operations/requests', {
  query: {
    text: q.string().default(''),
    status: q.oneOf('all', 'failed').default('all'),
    slower: q.int().default(0),
  },
})
