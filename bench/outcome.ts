/** From repetitions to medians, ratios and verdicts on goals: pure. */
import type { Bound, Goal, Measure, Repetition } from './measure.ts'
import { median, spread } from './statistics.ts'

/** What a side did: its repetitions, or why there are none. */
export type SideRun =
  | { readonly state: 'ran'; readonly repetitions: readonly Repetition[] }
  | { readonly state: 'skipped' | 'failed'; readonly reason: string }

/** Medians of one side. */
export interface SideFigures {
  readonly rounds: number
  /** Per operation, nanoseconds. */
  readonly cpuNs: number
  readonly wallNs: number
  /** Of the CPU time, as a part of its median. */
  readonly spread: number
  readonly answer: string
  readonly figures: Readonly<Record<string, number>>
}

export interface PeerRatio {
  readonly peer: string
  /** How many times as fast as the peer we are; refused, with the reason, when the answers differ. */
  readonly cpu: number | undefined
  readonly wall: number | undefined
  readonly refused?: string
}

export interface GoalVerdict {
  /** `at least 8 times as fast as yoga (CPU time)`. */
  readonly goal: string
  readonly state: 'met' | 'missed' | 'skipped'
  /** What was measured, or why nothing was. */
  readonly found: string
}

export interface Outcome {
  readonly name: string
  readonly unit: string
  readonly sides: Readonly<
    Record<string, SideFigures | { readonly absent: string; readonly failed: boolean }>
  >
  readonly ratios: readonly PeerRatio[]
  readonly goals: readonly GoalVerdict[]
}

export function outcome(measure: Measure, runs: Readonly<Record<string, SideRun>>): Outcome {
  const sides = Object.fromEntries(
    Object.entries(runs).map(([name, run]) => [
      name,
      run.state === 'ran'
        ? summarize(run.repetitions)
        : { absent: run.reason, failed: run.state === 'failed' },
    ]),
  )
  const ratios = Object.keys(sides).flatMap((peer) => {
    const ratio = peer === 'typestead' ? undefined : ratioTo(peer, sides)
    return ratio === undefined ? [] : [ratio]
  })
  const goals = measure.goals.map((goal) => judge(goal, sides, ratios))
  return { name: measure.name, unit: measure.unit, sides, ratios, goals }
}

type Sides = Outcome['sides']

function summarize(repetitions: readonly Repetition[]): SideFigures {
  const perOperation = (field: 'cpuNs' | 'wallNs') =>
    repetitions.map((each) => each[field] / each.operations)
  const names = new Set(repetitions.flatMap(({ figures }) => Object.keys(figures ?? {})))
  const answers = new Set(repetitions.map(({ answer }) => answer))
  return {
    rounds: repetitions.length,
    cpuNs: median(perOperation('cpuNs')),
    wallNs: median(perOperation('wallNs')),
    spread: spread(perOperation('cpuNs')),
    answer: [...answers].join(' then '),
    figures: Object.fromEntries(
      [...names].map((name) => [
        name,
        median(repetitions.flatMap(({ figures }) => figures?.[name] ?? [])),
      ]),
    ),
  }
}

function ratioTo(peer: string, sides: Sides): PeerRatio | undefined {
  const ours = ranOf(sides, 'typestead')
  const theirs = ranOf(sides, peer)
  if (ours === undefined || theirs === undefined) return undefined
  if (ours.answer !== theirs.answer) {
    const refused = `answers differ: ours ${ours.answer}, ${peer}'s ${theirs.answer}`
    return { peer, cpu: undefined, wall: undefined, refused }
  }
  const times = (field: 'cpuNs' | 'wallNs') =>
    ours[field] === 0 ? undefined : theirs[field] / ours[field]
  return { peer, cpu: times('cpuNs'), wall: times('wallNs') }
}

function ranOf(sides: Sides, name: string): SideFigures | undefined {
  const side = sides[name]
  return side === undefined || 'absent' in side ? undefined : side
}

function judge(goal: Goal, sides: Sides, ratios: readonly PeerRatio[]): GoalVerdict {
  if ('figure' in goal) return judgeFigure(goal, sides)
  const by = goal.by ?? 'cpu'
  const peers = typeof goal.against === 'string' ? [goal.against] : goal.against
  const named = `${peers.length === 1 ? '' : 'the fastest of '}${peers.join(', ')}`
  const bound =
    goal.atLeast === undefined
      ? `at most ${goal.atMost} times the time of`
      : `at least ${goal.atLeast} times as fast as`
  const text = `${bound} ${named} (${by === 'cpu' ? 'CPU time' : 'wall clock'})`
  const ours = sides.typestead
  if (ours !== undefined && 'absent' in ours) return unmeasured(text, ours, 'typestead')
  const found = ratios.filter(({ peer }) => peers.includes(peer))
  const refused = found.find((ratio) => ratio.refused !== undefined)
  if (refused?.refused !== undefined) return { goal: text, state: 'missed', found: refused.refused }
  const speeds = found.flatMap((ratio) => ratio[by] ?? [])
  if (speeds.length === 0) {
    const absent = peers
      .map((peer) => sides[peer])
      .find((side) => side !== undefined && 'absent' in side)
    return unmeasured(text, absent, named)
  }
  const speed = Math.min(...speeds)
  const value = goal.atLeast === undefined ? 1 / speed : speed
  return { goal: text, state: within(value, goal) ? 'met' : 'missed', found: `${rounded(value)}` }
}

function judgeFigure(goal: Extract<Goal, { figure: string }>, sides: Sides): GoalVerdict {
  const bound = goal.atLeast === undefined ? `at most ${goal.atMost}` : `at least ${goal.atLeast}`
  const text = `${goal.figure} ${bound}`
  const ours = ranOf(sides, 'typestead')
  if (ours === undefined) {
    const side = sides.typestead
    return unmeasured(text, side !== undefined && 'absent' in side ? side : undefined, 'typestead')
  }
  const own: Readonly<Record<string, number>> = {
    cpuNs: ours.cpuNs,
    wallNs: ours.wallNs,
    ...ours.figures,
  }
  const value = own[goal.figure]
  if (value === undefined) {
    return { goal: text, state: 'missed', found: `our side gave no figure "${goal.figure}"` }
  }
  return { goal: text, state: within(value, goal) ? 'met' : 'missed', found: rounded(value) }
}

/** A side that this machine can't run skips its goals; one that broke misses them. */
function unmeasured(
  goal: string,
  side: { readonly absent: string; readonly failed: boolean } | SideFigures | undefined,
  name: string,
): GoalVerdict {
  if (side === undefined || !('absent' in side))
    return { goal, state: 'missed', found: `no ratio to ${name}` }
  return { goal, state: side.failed ? 'missed' : 'skipped', found: side.absent }
}

function within(value: number, bound: Bound): boolean {
  return bound.atLeast === undefined ? value <= bound.atMost : value >= bound.atLeast
}

/** Three significant digits. */
export function rounded(value: number): string {
  return value >= 1000 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString()
}
