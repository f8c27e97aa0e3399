/** The addresses of Conversations; filters are in them. */
import { q, route } from '@typestead/screens'

export const conversationsRoute = route('/conversations', {
  query: {
    bot: q.string().default(''),
    search: q.string().default(''),
    asks: q.bool().default(false),
    open: q.string(),
  },
})
