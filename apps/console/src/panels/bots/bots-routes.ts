/** The addresses of Bots. */
import { q, route } from '@typestead/screens'

export const views = ['design', 'picture', 'versions', 'chat'] as const

export const botsRoute = route('/bots')
export const botRoute = route('/bots/:bot', {
  query: {
    view: q.oneOf(...views).default('design'),
    alias: q.string().default('$LATEST'),
    intent: q.string(),
  },
})
