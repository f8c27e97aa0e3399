/**
 * Reactions that wait for the flush, by depth: outer owners first, in the order of arrival within a depth.
 * Invariants: of the queue of a depth, those before `head` had their turn; no queue below `lowest` has one that waits.
 */
export interface ReactionQueue<R> {
  push(reaction: R): void
  /** The next one; undefined when none waits. */
  shift(): R | undefined
}

export function reactionQueue<R extends { readonly depth: number }>(): ReactionQueue<R> {
  const queues: { readonly waiting: R[]; head: number }[] = []
  let lowest = 0
  return {
    push(reaction) {
      const { depth } = reaction
      while (queues.length <= depth) queues.push({ waiting: [], head: 0 })
      queues[depth]?.waiting.push(reaction)
      if (depth < lowest) lowest = depth
    },
    shift() {
      for (; lowest < queues.length; lowest++) {
        const queue = queues[lowest]
        const next = queue?.waiting[queue.head++]
        if (next !== undefined || queue === undefined) return next
        queue.head = queue.waiting.length = 0
      }
      return undefined
    },
  }
}
