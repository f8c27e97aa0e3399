/** What answers the reading operations: one query of the store each, as the caller may see it. */
import { ApiError } from './api-error.ts'
import { filled } from './error-text.ts'
import { type FilterTypes, orderOf } from './filter-types.ts'
import { sizeOf } from './list-size.ts'
import type { ListOptions, OneOptions } from './operation.ts'
import type { RequestState } from './request-state.ts'
import type { AnyEntity } from './view.ts'
import type { ViewPlan } from './view-plan.ts'
import { whereOf } from './where-argument.ts'

type Arguments = Readonly<Record<string, unknown>>

export async function readOne(
  view: ViewPlan,
  names: readonly string[],
  options: OneOptions<AnyEntity>,
  args: Arguments,
  { context }: RequestState,
): Promise<unknown> {
  const asked = Object.fromEntries(names.map((name) => [name, args[name]]))
  const where = options.where === undefined ? asked : { and: [asked, options.where] }
  const row = await context.db.first(view.meta.entity, { where: where as never })
  if (row === null && options.missing !== undefined) {
    throw new ApiError('NOT_FOUND', filled(options.missing, args))
  }
  return row
}

export interface Asked {
  readonly filters: FilterTypes
  readonly args: Arguments
  /** The size when the caller does not say. */
  readonly first: number
}

export function readList(
  view: ViewPlan,
  options: ListOptions<AnyEntity>,
  asked: Asked | undefined,
  { context, limits }: RequestState,
): Promise<unknown> {
  const first = asked && sizeOf(asked.args.first, asked.first, limits.first)
  return context.db.find(view.meta.entity, {
    ...filterAndOrder(view, options, asked),
    ...(first === undefined ? {} : { first }),
  })
}

/** The page as edges, nodes and pageInfo; the count is made only when it is selected. */
export async function readConnection(
  view: ViewPlan,
  options: ListOptions<AnyEntity>,
  asked: Asked,
  { context, limits }: RequestState,
): Promise<unknown> {
  const { args } = asked
  const { where, ...order } = filterAndOrder(view, options, asked)
  const last = sizeOf(args.last, undefined, limits.first, 'last')
  const first = sizeOf(args.first, last === undefined ? asked.first : undefined, limits.first)
  const page = await context.db.page(view.meta.entity, {
    ...order,
    ...(where === undefined ? {} : { where }),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    ...(typeof args.after === 'string' ? { after: args.after } : {}),
    ...(typeof args.before === 'string' ? { before: args.before } : {}),
  })
  return {
    nodes: page.items,
    edges: page.items.map((node, index) => ({ node, cursor: page.cursors[index] })),
    pageInfo: {
      hasNextPage: page.hasNext,
      hasPreviousPage: page.hasPrevious,
      startCursor: page.cursors[0] ?? null,
      endCursor: page.cursors.at(-1) ?? null,
    },
    totalCount: () => context.db.count(view.meta.entity, where),
  }
}

interface FilterAndOrder {
  readonly where?: never
  readonly orderBy?: never
}

/** What the declaration says joined with what the caller asks; the store checks both again. */
function filterAndOrder(
  view: ViewPlan,
  options: ListOptions<AnyEntity>,
  asked: Asked | undefined,
): FilterAndOrder {
  const wheres = [options.where, asked && whereOf(asked.filters, view, asked.args.where)]
  const given = wheres.filter((where) => where !== undefined)
  const order = asked ? orderOf(view, asked.args.orderBy) : []
  const orderBy = order.length > 0 ? order : options.orderBy
  return {
    // The types of the entity are not known here; `parseWhere` checks the filter by its description.
    ...(given.length === 0
      ? {}
      : { where: (given.length === 1 ? given[0] : { and: given }) as never }),
    ...(orderBy === undefined ? {} : { orderBy: orderBy as never }),
  }
}
