/**
 * Rules say who may read, create, update and delete which rows, as plain data: a filter over the row in which
 * `current('userId')` stands for a value of whoever asks. Several in a list mean any of them. Consumers compile them
 * into their own queries, so a row that a rule hides is nowhere.
 */
import { isObject } from './record.ts'

/** A value of whoever asks, known when the query runs; a missing one equals nothing. */
export interface Current {
  readonly $current: string
}

/** `allow: { read: { author: current('userId') } }` */
export function current(name: string): Current {
  return { $current: name }
}

/** A condition on whoever asks instead of on the row. */
export interface When {
  readonly $when: Readonly<Record<string, string | number | boolean>>
}

/** `allow: { update: [when({ role: 'admin' }), { author: current('userId') }] }` */
export function when(values: When['$when']): When {
  return { $when: values }
}

// Values are not typed further: looking at a relation's type here would make the class refer to itself.
type Condition<F> = { readonly [K in keyof F]?: unknown } & {
  readonly and?: readonly unknown[]
  readonly or?: readonly unknown[]
  readonly not?: unknown
}

/** `true` lets everyone, `false` no one; a list is any of its rules. */
export type Rule<F> = boolean | When | Condition<F> | readonly (When | Condition<F>)[]

export interface RuleSet<F> {
  readonly read?: Rule<F>
  readonly create?: Rule<F>
  readonly update?: Rule<F>
  readonly delete?: Rule<F>
}

/** The four things a rule can allow. */
export type Action = 'read' | 'create' | 'update' | 'delete'

export const actions: readonly Action[] = ['read', 'create', 'update', 'delete']

export function isCurrent(value: unknown): value is Current {
  return isObject(value) && '$current' in value
}

export function isWhen(value: unknown): value is When {
  return isObject(value) && '$when' in value
}
