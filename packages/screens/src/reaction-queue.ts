/**
 * Reactions that wait for the flush, by depth: outer owners first, in the order of arrival within a depth.
 * Invariants: in `queues[depth]`, those before `heads[depth]` had their turn; no queue below `lowest` has one that waits.
 */
export class ReactionQueue<R extends { readonly depth: number }> {
  readonly #queues: R[][] = []
  readonly #heads: number[] = []
  #lowest = Number.POSITIVE_INFINITY

  get isEmpty(): boolean {
    return this.#lowest === Number.POSITIVE_INFINITY
  }

  push(reaction: R): void {
    const { depth } = reaction
    while (this.#queues.length <= depth) {
      this.#queues.push([])
      this.#heads.push(0)
    }
    this.#queues[depth]?.push(reaction)
    if (depth < this.#lowest) this.#lowest = depth
  }

  /** The next one; undefined when none waits. */
  shift(): R | undefined {
    for (; this.#lowest < this.#queues.length; this.#lowest++) {
      const queue = this.#queues[this.#lowest] as R[] // below the length
      const head = this.#heads[this.#lowest] as number // as many as queues
      if (head < queue.length) {
        this.#heads[this.#lowest] = head + 1
        return queue[head]
      }
      queue.length = 0
      this.#heads[this.#lowest] = 0
    }
    this.#lowest = Number.POSITIVE_INFINITY
    return undefined
  }
}
