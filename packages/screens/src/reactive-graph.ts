/**
 * The reactive graph at work: who reads now, reactions, and the flush. Its links are in `graph-links.ts`.
 * Guarantees: in one flush each reaction whose reads have changed runs exactly once, outer owners first, and sees no
 * mixture of old and new; one that throws is reported to its owner and harms no other; a computed value that nobody
 * reads is linked to nothing.
 */
import { fault } from './fault.ts'
import {
  checkDirty,
  Dirty,
  Disposed,
  type Link,
  letGo,
  letGoUnread,
  link,
  Pending,
  propagate,
  type ReaderNode,
  Running,
  type SourceNode,
  settle,
  Watching,
} from './graph-links.ts'
import { disposeOwned, fail, getOwner, Owner, setOwner } from './owner.ts'
import { reactionQueue } from './reaction-queue.ts'

/** How often reactions ran, and how many there are and subscriptions to events: for tests and the rebuild counter. */
export const graphStats = { runs: 0, flushes: 0, reactions: 0, subscriptions: 0 }

let activeReader: ReaderNode | undefined
let cycle = 0
/** Computed values that are being computed now: writing is an error meanwhile. */
let computing = 0
/** Counts effective writes: a computed value that nobody watches is current while this stands still. */
let writes = 0

/** Makes whoever is reading now depend on `node`. */
export function track(node: SourceNode): void {
  if (activeReader !== undefined) link(node, activeReader)
}

export function isTracking(): boolean {
  return activeReader !== undefined
}

/** Whether the reader that runs now has read anything so far. */
export function hasRead(): boolean {
  return activeReader?.depsTail !== undefined
}

export function writeCount(): number {
  return writes
}

/** Runs `work` without making the reader around it depend on what it reads. */
export function untracked<T>(work: () => T): T {
  const previous = activeReader
  activeReader = undefined
  try {
    return work()
  } finally {
    activeReader = previous
  }
}

/** Runs `work` as if nobody were around it: it reads for nobody, and what it creates belongs to nobody. */
export function detached(work: () => void): void {
  const owner = setOwner(undefined)
  try {
    untracked(work)
  } finally {
    setOwner(owner)
  }
}

/** @throws {ScreensError} `WRITE_IN_COMPUTED` */
export function refuseWriteInComputed(): void {
  if (computing !== 0) throw fault('WRITE_IN_COMPUTED')
}

/** Tells the readers of `node` that it may have changed. */
export function changed(node: SourceNode): void {
  writes++
  propagate(node)
}

/** A source that follows from others; `evaluate` never throws. */
export interface ComputedSource extends SourceNode, ReaderNode {
  evaluate(): void
}

/** Evaluates with `node` as reader and nobody as owner; what it no longer reads is let go. */
export function compute(node: ComputedSource): void {
  const reader = activeReader
  const owner = setOwner(undefined)
  node.depsTail = undefined
  node.version = ++cycle
  activeReader = node
  computing++
  node.evaluate()
  computing--
  activeReader = reader
  setOwner(owner)
  letGoUnread(node)
}

/** A piece of work that runs again when what it read has changed; `execute` is the work. Start it with `start()`. */
export abstract class Reaction extends Owner implements ReaderNode {
  /** @internal */ deps: Link | undefined = undefined
  /** @internal */ depsTail: Link | undefined = undefined
  /** @internal */ flags = Watching
  /** @internal */ version = 0
  /** @internal */ flush = 0
  /** @internal runs in `flush` */ runs = 0

  constructor(owner?: Owner | undefined) {
    super(owner ?? getOwner())
    graphStats.reactions++
  }

  protected abstract execute(): void

  get closed(): boolean {
    return (this.flags & Disposed) !== 0
  }

  override dispose(): void {
    if (this.flags & Disposed) return
    this.flags = Disposed
    graphStats.reactions--
    letGo(this)
    super.dispose()
  }

  /** Runs now, and from now on in each flush after a change of what it read. */
  start(): this {
    const parent = this.owner
    const reader = activeReader
    const owner = setOwner(this)
    const computed = computing
    this.depsTail = undefined
    this.flags = Watching | Running
    this.version = ++cycle
    activeReader = this
    computing = 0
    graphStats.runs++
    try {
      this.execute()
    } catch (error) {
      fail(parent, error)
    } finally {
      computing = computed
      activeReader = reader
      setOwner(owner)
      if (this.flags & Disposed) {
        letGo(this)
        disposeOwned(this)
      } else {
        this.flags &= ~Running
        letGoUnread(this)
        // It wrote what it had read.
        if (this.flags & Pending) this.notify()
      }
    }
    return this
  }

  /** @internal */
  notify(): void {
    if (this.flags & Running || !(this.flags & Watching)) return
    this.flags &= ~Watching
    enqueue(this)
  }

  /** @internal Its turn in a flush has come. */
  turn(flush: number): void {
    const { flags } = this
    if (flags & Disposed) return
    if (!(flags & Dirty) && !checkDirty(this)) {
      this.flags = Watching
      return
    }
    if (this.flush !== flush) {
      this.flush = flush
      this.runs = 0
    }
    if (++this.runs > 100) this.giveUp()
    else {
      if (this.newest !== undefined) disposeOwned(this)
      this.start()
    }
  }

  private giveUp(): void {
    for (let at = this.deps; at !== undefined; at = at.nextDep) settle(at.dep)
    this.flags = Watching
    fail(this.owner, fault('REACTION_LOOP'))
  }
}

const queue = reactionQueue<Reaction>()
let scheduled = false
let flushing = false
let batches = 0
/** Its reactions run at the end of the turn; cheaper than `queueMicrotask`, which leaves V8 in browsers. */
const turnEnd = Promise.resolve()

function enqueue(reaction: Reaction): void {
  queue.push(reaction)
  if (scheduled || flushing) return
  scheduled = true
  void turnEnd.then(flush)
}

/** Runs all reactions that wait, now instead of at the end of the current turn of the event loop. */
export function flush(): void {
  if (flushing || computing !== 0 || batches !== 0) return
  scheduled = false
  let next = queue.shift()
  if (next === undefined) return
  flushing = true
  const number = ++graphStats.flushes
  try {
    for (; next !== undefined; next = queue.shift()) next.turn(number)
  } finally {
    flushing = false
  }
}

/** Runs `work`, then flushes once: for code that must see its effects at once. */
export function batch<T>(work: () => T): T {
  batches++
  try {
    return work()
  } finally {
    batches--
    if (batches === 0) flush()
  }
}
