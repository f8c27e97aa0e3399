/** A process's clocks in tests: the wall clock is shared and may jump, the monotonic one moves when the test says so. */
import type { Clock } from '../src/index.ts'

export interface World {
  now: number
}

export class ManualClock implements Clock {
  readonly #world: World
  #monotonic = 0
  #timers: { at: number; callback: () => void }[] = []

  constructor(world: World) {
    this.#world = world
  }

  now(): number {
    return this.#world.now
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#monotonic + Math.max(0, ms), callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  /** Time passes for this process; what falls due is called in order, each with time to end. */
  async pass(ms: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#monotonic + ms
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((one) => one !== next)
      this.#monotonic = Math.max(this.#monotonic, next.at)
      next.callback()
      await settle()
    }
    this.#monotonic = end
  }

  /** The process is dead: nothing of it happens any more. */
  stop(): void {
    this.#timers = []
  }
}
