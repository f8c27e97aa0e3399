/** Random programs as data: what `scenes-in-go.ts` writes in Go and `scenes-here.ts` runs. Times are milliseconds. */
import fc from 'fast-check'

export type Stage =
  | { readonly kind: 'add' | 'drop' | 'take' | 'pairs' | 'twice'; readonly k: number }
  /** Splits into `k` branches in turn and joins them in turn, each branch a goroutine of its own. */
  | { readonly kind: 'branches'; readonly k: number }
export type PlacedStage = Stage & { readonly capacity: number; readonly generator: boolean }

export type TimerStep = {
  readonly op: 'start' | 'stop' | 'reset' | 'sleep'
  readonly on: number
  readonly rounds: number
}
export type ContextNode = {
  readonly kind: 'cancel' | 'cause' | 'timeout' | 'value' | 'without'
  readonly parent: number
  readonly rounds: number
}

export type Scene =
  | { readonly is: 'pipeline'; readonly values: number; readonly stages: readonly PlacedStage[] }
  | {
      readonly is: 'closing'
      readonly capacity: number
      readonly senders: number
      readonly receivers: number
      readonly closers: number
      readonly selects: boolean
    }
  | {
      readonly is: 'locks'
      readonly goroutines: number
      readonly turns: number
      readonly readers: number
    }
  | {
      readonly is: 'group'
      readonly deltas: readonly number[]
      readonly callers: number
      readonly fails: boolean
    }
  | { readonly is: 'tree'; readonly depth: number; readonly width: number; readonly panics: number }
  | { readonly is: 'timers'; readonly steps: readonly TimerStep[] }
  | { readonly is: 'ticker'; readonly period: number; readonly sleeps: readonly number[] }
  | {
      readonly is: 'contexts'
      readonly nodes: readonly ContextNode[]
      readonly cancels: readonly number[]
    }

const small = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max })

const stage: fc.Arbitrary<PlacedStage> = fc.record({
  kind: fc.constantFrom('add', 'drop', 'take', 'pairs', 'twice', 'branches'),
  k: small(5, 2),
  capacity: small(3),
  generator: fc.boolean(),
})

export const scene: fc.Arbitrary<Scene> = fc.oneof(
  fc.record({
    is: fc.constant('pipeline' as const),
    values: small(30),
    stages: fc.array(stage, { maxLength: 6 }),
  }),
  fc.record({
    is: fc.constant('closing' as const),
    capacity: small(3),
    senders: small(6),
    receivers: small(6),
    closers: small(3, 1),
    selects: fc.boolean(),
  }),
  fc.record({
    is: fc.constant('locks' as const),
    goroutines: small(6, 1),
    turns: small(10, 1),
    readers: small(4),
  }),
  fc.record({
    is: fc.constant('group' as const),
    deltas: fc.array(small(2, -2), { maxLength: 8 }),
    callers: small(5, 1),
    fails: fc.boolean(),
  }),
  fc.record({
    is: fc.constant('tree' as const),
    depth: small(4),
    width: small(3, 1),
    panics: small(4, 1),
  }),
  fc.record({
    is: fc.constant('timers' as const),
    steps: fc.array(
      fc.record({
        op: fc.constantFrom('start', 'start', 'stop', 'reset', 'sleep', 'sleep'),
        on: small(5),
        rounds: small(4),
      }),
      { minLength: 3, maxLength: 20 },
    ),
  }),
  fc.record({
    is: fc.constant('ticker' as const),
    period: fc.constantFrom(10, 20),
    sleeps: fc.array(small(4, 1), { minLength: 1, maxLength: 8 }),
  }),
  fc.record({
    is: fc.constant('contexts' as const),
    nodes: fc.array(
      fc.record({
        kind: fc.constantFrom('cancel', 'cancel', 'cause', 'timeout', 'value', 'without'),
        parent: small(9),
        rounds: small(5),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    cancels: fc.array(small(9), { maxLength: 8 }),
  }),
)

/** One step of the scenes in virtual time; timer and node `i` falls due `i + 1` after a step, so never with another. */
export const step = 20
