/**
 * What a bench file declares: `packages/<name>/bench/*.bench.ts` exports `measures`, an array of `measure({...})`.
 * A measure is one task that several sides do; each side runs in a process of its own, in turn with the others, and
 * gives an answer, so that a ratio is taken only between sides that did the same. See README.md in this folder.
 */

/** A value that a side answers with or is started with. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }

/** One task, as `measure` returns it. */
export interface Measure {
  readonly name: string
  /** What one operation is, for instance `request` or `hand-off`. */
  readonly unit: string
  /** Our side is named `typestead`. */
  readonly sides: Readonly<Record<string, Side>>
  readonly goals: readonly Goal[]
  /** For sides that serve: sends requests to a side from the harness's process, which then is not counted. */
  readonly load?: (url: string) => Promise<Loaded>
  /** Counted repetitions of each side, 15 by default; `--check` makes at least 5. */
  readonly rounds?: number
  /** Repetitions of each module side before those that count, 3 by default. */
  readonly warmUps?: number
}

export type Side = ModuleSide | CommandSide

interface AnySide {
  readonly env?: Readonly<Record<string, string>>
  /** Runs once before the measure, for instance to compile a program. */
  readonly prepare?: () => Promise<void>
  /** A reason when this machine can't run the side (`go is not installed`); it is then left out, and named. */
  readonly unavailable?: () => string | undefined
}

/** A module that Node 24 runs; it exports a `BenchMaker`. */
export interface ModuleSide extends AnySide {
  readonly module: URL
  /** The name of its `BenchMaker`, `bench` by default. */
  readonly export?: string
  readonly args?: Json
  readonly nodeFlags?: readonly string[]
}

/** A program that does one repetition and prints, as its last line, a `Repetition` as JSON. */
export interface CommandSide extends AnySide {
  readonly command: readonly [string, ...string[]]
  readonly cwd?: string
}

/** Starts a side in its own process: opens what it needs; none of this is counted. */
export type BenchMaker = (args: Json | undefined) => Bench | Promise<Bench>

/** A started side: work that it repeats itself, or a server for the measure's `load`. */
export type Bench = RepeatedBench | ServedBench

export interface RepeatedBench extends Partial<AsyncDisposable> {
  /** Operations in one repetition; choose them so that one takes 20 to 200 ms. */
  readonly operations: number
  /** One repetition; what it returns is its answer. */
  run(): unknown
  /** More figures of the last repetition, for instance bytes per item, in the unit that their name says. */
  figures?(): Readonly<Record<string, number>>
}

export interface ServedBench extends Partial<AsyncDisposable> {
  readonly url: string
}

export interface Loaded {
  readonly operations: number
  readonly answer: unknown
  readonly figures?: Readonly<Record<string, number>>
}

/** What one repetition took. */
export interface Repetition {
  readonly operations: number
  /** User and system time of the side's process, all its threads, nanoseconds. */
  readonly cpuNs: number
  readonly wallNs: number
  /** What it answered, or a digest of it: equal text for equal answers. */
  readonly answer: string
  readonly figures?: Readonly<Record<string, number>>
}

export type Goal<Peer extends string = string> = RatioGoal<Peer> | FigureGoal

/**
 * `atLeast: 8` – eight times as fast as the peer: peer's time / our time ≥ 8.
 * `atMost: 1.4` – costs 1.4 times what the peer costs at most: our time / peer's time ≤ 1.4.
 * Several peers: the fastest of those that ran. Time is CPU time, `by: 'wall'` makes it wall-clock time.
 */
export type RatioGoal<Peer extends string = string> = {
  readonly against: Peer | readonly Peer[]
  readonly by?: 'cpu' | 'wall'
} & Bound

/** A bound on one of our side's own figures (median). `cpuNs` and `wallNs` per operation are figures of every side. */
export type FigureGoal = { readonly figure: string } & Bound

export type Bound =
  | { readonly atLeast: number; readonly atMost?: never }
  | { readonly atMost: number; readonly atLeast?: never }

/** Declares a measure; its goals can name only peers that it has. */
export function measure<Peer extends string>(
  declared: Omit<Measure, 'sides' | 'goals'> & {
    readonly sides: { readonly typestead: Side } & Readonly<Record<Peer, Side>>
    readonly goals?: readonly Goal<NoInfer<Exclude<Peer, 'typestead'>>>[]
  },
): Measure {
  return { ...declared, goals: declared.goals ?? [] }
}
