/** The argument `where`: brought to the entity's names and checked before any query is made. */
import { parseWhere, ValidationError } from '@typestead/entity'
import { ApiError } from './api-error.ts'
import type { FilterTypes } from './filter-types.ts'
import type { ViewPlan } from './view-plan.ts'

/** @throws {ApiError} `BAD_INPUT` with the path in the filter */
export function whereOf(filters: FilterTypes, view: ViewPlan, given: unknown): unknown {
  const where = filters.where(view, given)
  if (where === undefined) return undefined
  try {
    parseWhere(view.meta, where)
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    const fields = error.issues.map(({ path, message }) => ({
      path: ['where', ...apiPath(view, path)],
      message,
    }))
    const text = fields.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new ApiError('BAD_INPUT', text, { fields, cause: error })
  }
  return where
}

/** The first name of a path as the view calls it; deeper ones are the operators and names of other views. */
function apiPath(view: ViewPlan, path: readonly (string | number)[]): (string | number)[] {
  const [first, ...rest] = path
  for (const [name, plan] of view.fields) {
    if (plan.kind === 'column' && plan.name === first) return [name, ...rest]
    if (plan.kind === 'relation' && plan.relation.name === first) return [name, ...rest]
  }
  return [...path]
}
