/**
 * The links of the reactive graph, from what is read to what read it, after the doubly linked lists of alien-signals.
 * A write marks what depends on it as pending (push); what is pending asks its sources in the order in which it read them
 * whether one is another now (pull), so nothing is computed that did not change. Invariants: a source's `subs` and a
 * reader's `deps` are the same links; of a reader that runs, the links up to `depsTail` are those of this run and carry
 * its version; whoever is pending and watched is in the queue, or runs and looks at its marks when it ends.
 */

/** Its value may change. */
export const Mutable = 1
/** A reaction that is not in the queue. */
export const Watching = 2
/** It runs, or is being computed. */
export const Running = 4
/** A source is another now. */
export const Dirty = 16
/** A source may be another now. */
export const Pending = 32
export const Disposed = 64

export interface Link {
  /** Of the run of `sub` that read `dep` last. */
  version: number
  readonly dep: SourceNode
  readonly sub: ReaderNode
  nextDep: Link | undefined
  prevSub: Link | undefined
  nextSub: Link | undefined
}

export interface GraphNode {
  flags: number
}

/** A node that others read. */
export interface SourceNode extends GraphNode {
  subs: Link | undefined
  subsTail: Link | undefined
  /** Makes the value current; whether it is another one now. Never throws. */
  refresh(): boolean
  /** Nobody reads it any more. */
  unwatched?(): void
}

/** A node that reads others. */
export interface ReaderNode extends GraphNode {
  deps: Link | undefined
  depsTail: Link | undefined
  /** Of its last run; no two runs have the same. */
  version: number
  /** It may have to run. */
  notify(): void
}

/** `sub`, which runs, has read `dep`. */
export function link(dep: SourceNode, sub: ReaderNode): void {
  const { depsTail: tail, version } = sub
  if (tail?.dep === dep) return
  const next = tail === undefined ? sub.deps : tail.nextDep
  if (next?.dep === dep) {
    next.version = version
    sub.depsTail = next
    return
  }
  const last = dep.subsTail
  if (last?.sub === sub && last.version === version) return
  const made = { version, dep, sub, nextDep: next, prevSub: last, nextSub: undefined }
  sub.depsTail = dep.subsTail = made
  if (tail === undefined) sub.deps = made
  else tail.nextDep = made
  if (last === undefined) dep.subs = made
  else last.nextSub = made
}

/** Lets go of everything behind the last read of the last run. */
export function letGoUnread(sub: ReaderNode): void {
  const tail = sub.depsTail
  let gone = tail === undefined ? sub.deps : tail.nextDep
  if (tail === undefined) sub.deps = undefined
  else tail.nextDep = undefined
  for (; gone !== undefined; gone = gone.nextDep) {
    const { dep, prevSub, nextSub } = gone
    if (nextSub === undefined) dep.subsTail = prevSub
    else nextSub.prevSub = prevSub
    if (prevSub !== undefined) prevSub.nextSub = nextSub
    else {
      dep.subs = nextSub
      if (nextSub === undefined) dep.unwatched?.()
    }
  }
}

/** Lets go of everything that `sub` reads. */
export function letGo(sub: ReaderNode): void {
  sub.depsTail = undefined
  letGoUnread(sub)
}

/** Marks all that depends on `dep` as pending. */
export function propagate(dep: SourceNode): void {
  for (let at = dep.subs; at !== undefined; at = at.nextSub) {
    const { sub } = at
    // Marked already; or it runs, and will see the new value if it still reads this.
    if (sub.flags & (Dirty | Pending)) continue
    if (sub.flags & Running && at.version !== sub.version) continue
    sub.flags |= Pending
    sub.notify()
  }
}

/** Whether a source of `sub`, which is pending, is another now: `sub` is dirty then. */
export function checkDirty(sub: ReaderNode): boolean {
  for (let at = sub.deps; at !== undefined && !(sub.flags & Dirty); at = at.nextDep) settle(at.dep)
  return (sub.flags & Dirty) !== 0
}

/** Makes `dep` current when something it depends on has changed, and tells its readers if it is another now. */
export function settle(dep: SourceNode & Partial<ReaderNode>): void {
  if (!(dep.flags & (Dirty | Pending))) return
  // Only what reads is ever pending.
  if (!(dep.flags & Dirty) && !checkDirty(dep as SourceNode & ReaderNode)) dep.flags &= ~Pending
  else if (dep.refresh()) {
    for (let at = dep.subs; at !== undefined; at = at.nextSub) {
      if (at.sub.flags & Pending) at.sub.flags |= Dirty
    }
  }
}
