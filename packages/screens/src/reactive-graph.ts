/**
 * The reactive graph: links from what is read to what read it (alien-signals/system), push-dirty, pull-check.
 * Guarantees: in one flush each reaction whose reads have changed runs exactly once, outer owners first, and sees no
 * mixture of old and new; one that throws is reported to its owner and harms no other; a computed value that nobody
 * reads is linked to nothing.
 */
import { createReactiveSystem } from 'alien-signals/system'
import { ScreensError } from './errors.ts'
import { disposeOwned, fail, getOwner, Owner, setOwner } from './owner.ts'
import { ReactionQueue } from './reaction-queue.ts'

/** alien-signals' `ReactiveFlags`, which is a const enum of its declarations only; Disposed is ours. */
export const Mutable = 1
export const Watching = 2
export const Checking = 4
const Recursed = 8
export const Dirty = 16
export const Pending = 32
const Disposed = 64

interface Link {
  version: number
  dep: GraphNode
  sub: GraphNode
  nextSub: Link | undefined
  nextDep: Link | undefined
}

/** A node of the graph; its fields belong to alien-signals. */
export interface GraphNode {
  deps?: Link | undefined
  depsTail?: Link | undefined
  subs?: Link | undefined
  subsTail?: Link | undefined
  flags: number
}

/** A node that others read. */
export interface SourceNode extends GraphNode {
  /** Makes the value current; whether it is another one now. Never throws. */
  refresh(): boolean
  /** Nobody reads it any more. */
  unwatched?(): void
}

interface ReactiveSystem {
  link(dep: GraphNode, sub: GraphNode, version: number): void
  unlink(link: Link, sub?: GraphNode): Link | undefined
  propagate(link: Link, innerWrite: boolean): void
  checkDirty(link: Link, sub: GraphNode): boolean
  shallowPropagate(link: Link): void
}

// Its declarations have optional fields where ours are always present, so that all nodes of a kind have one shape.
const system = createReactiveSystem({
  update: (node) => (node as unknown as SourceNode).refresh(),
  notify: (node) => enqueue(node as unknown as Reaction),
  unwatched: (node) => (node as unknown as SourceNode).unwatched?.(),
}) as unknown as ReactiveSystem

/** How often reactions ran, and how many there are and subscriptions to events: for tests and the rebuild counter. */
export const graphStats = { runs: 0, flushes: 0, reactions: 0, subscriptions: 0 }

let activeReader: GraphNode | undefined
let cycle = 0
let running = 0
/** Computed values that are being computed now: writing is an error meanwhile. */
let computing = 0
/** Counts effective writes: a computed value that nobody watches is current while this stands still. */
let writes = 0

/** Makes whoever is reading now depend on `node`. */
export function track(node: GraphNode): void {
  if (activeReader !== undefined) system.link(node, activeReader, cycle)
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
  if (computing === 0) return
  throw new ScreensError(
    'WRITE_IN_COMPUTED',
    'a computed value only reads: write in a reaction or an event handler',
  )
}

/** Tells the readers of `node` that it may have changed. */
export function changed(node: GraphNode): void {
  writes++
  if (node.subs !== undefined) system.propagate(node.subs, running > 0)
}

/** Makes `node` current when something it depends on has changed, and tells its other readers if it is another now. */
export function settle(node: SourceNode): void {
  const { flags } = node
  if (flags & Dirty || (flags & Pending && node.deps !== undefined)) {
    if (flags & Dirty || system.checkDirty(node.deps as Link, node)) {
      if (node.refresh() && node.subs !== undefined) system.shallowPropagate(node.subs)
    } else node.flags = flags & ~Pending
  }
}

/** A source that follows from others; `evaluate` never throws. */
export interface ComputedSource extends SourceNode {
  evaluate(): void
}

/** Evaluates with `node` as reader and nobody as owner; what it no longer reads is let go. */
export function compute(node: ComputedSource): void {
  const reader = activeReader
  const owner = setOwner(undefined)
  node.depsTail = undefined
  node.flags = Mutable | Checking
  activeReader = node
  computing++
  cycle++
  node.evaluate()
  computing--
  activeReader = reader
  setOwner(owner)
  node.flags &= ~Checking
  letGoUnread(node)
}

/** Unlinks everything behind the last read of the last run. */
function letGoUnread(node: GraphNode): void {
  let link = node.depsTail === undefined ? node.deps : node.depsTail.nextDep
  while (link !== undefined) link = system.unlink(link, node)
}

/** Unlinks everything that `node` reads. */
export function letGo(node: GraphNode): void {
  node.depsTail = undefined
  letGoUnread(node)
}

/** A piece of work that runs again when what it read has changed; `execute` is the work. Start it with `start()`. */
export abstract class Reaction extends Owner implements GraphNode {
  /** @internal */ deps: Link | undefined = undefined
  /** @internal */ depsTail: Link | undefined = undefined
  /** @internal */ flags = Watching
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
    this.flags = Watching | Checking
    activeReader = this
    computing = 0
    running++
    cycle++
    graphStats.runs++
    try {
      this.execute()
    } catch (error) {
      fail(parent, error)
    } finally {
      running--
      computing = computed
      activeReader = reader
      setOwner(owner)
      if (this.flags & Disposed) {
        letGo(this)
        disposeOwned(this)
      } else {
        this.flags &= ~Checking
        letGoUnread(this)
        // It wrote what it had read: alien-signals leaves the mark and does not notify.
        if (this.flags & (Dirty | Pending) && this.flags & Watching) {
          this.flags &= ~Recursed
          enqueue(this)
        }
      }
    }
    return this
  }

  /** @internal Its turn in a flush has come. */
  turn(flush: number): void {
    const { flags } = this
    if (flags & Disposed) return
    if (!(flags & Dirty) && !(this.deps !== undefined && system.checkDirty(this.deps, this))) {
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
    for (let link = this.deps; link !== undefined; link = link.nextDep) {
      settle(link.dep as SourceNode) // what a reaction reads is a source
    }
    this.flags = Watching
    fail(
      this.owner,
      new ScreensError(
        'REACTION_LOOP',
        'a reaction ran 100 times in one flush, it writes what it reads: derive with computed() instead',
      ),
    )
  }
}

const queue = new ReactionQueue<Reaction>()
let scheduled = false
let flushing = false
let batches = 0
/** Its reactions run at the end of the turn; cheaper than `queueMicrotask`, which leaves V8 in browsers. */
const turnEnd = Promise.resolve()

function enqueue(reaction: Reaction): void {
  reaction.flags &= ~Watching
  queue.push(reaction)
  if (scheduled || flushing) return
  scheduled = true
  void turnEnd.then(flush)
}

/** Runs all reactions that wait, now instead of at the end of the current turn of the event loop. */
export function flush(): void {
  if (flushing || computing !== 0 || batches !== 0) return
  scheduled = false
  if (queue.isEmpty) return
  flushing = true
  const number = ++graphStats.flushes
  try {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) next.turn(number)
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
