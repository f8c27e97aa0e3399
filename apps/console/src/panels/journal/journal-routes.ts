/** The addresses of Journal; filters are in them. */
import { q, route } from '@typestead/screens'

export const kinds = ['outbox', 'jobs'] as const

export const queuesRoute = route('/journal')
export const workRoute = route('/journal/work', {
  query: { kind: q.oneOf(...kinds).default('outbox'), queue: q.string().default('') },
})
export const deadRoute = route('/journal/dead', { query: { queue: q.string().default('') } })
