/** The addresses of the model's pages. */
import { q, route } from '@typestead/screens'

export const modelRoute = route('/model', { query: { entity: q.string() } })
export const planRoute = route('/model/plan')
export const migrationsRoute = route('/model/migrations')
export const entitiesRoute = route('/model/rows')
export const rowsRoute = route('/model/rows/:entity', {
  query: {
    /** A field, what to compare with, and the value. */
    field: q.string(),
    compare: q.string(),
    value: q.string(),
    /** `title` or `-title`. */
    order: q.string(),
    /** The key of the row that is open. */
    row: q.string(),
    /** A new row is being entered. */
    create: q.bool().default(false),
  },
})
