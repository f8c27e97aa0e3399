/**
 * Ownership, apart from the graph: whoever creates a reaction, a row or a clean-up owns it, and closes it in the reverse
 * order of creation. Invariants: an owned thing is in the list of exactly one owner, newest first, or was disposed;
 * disposing is idempotent; a clean-up that throws is reported and the others still run.
 */

/** Something that an owner closes. */
export abstract class Owned {
  /** @internal */ owner: Owner | undefined
  /** @internal newer neighbour */ newer: Owned | undefined = undefined
  /** @internal older neighbour */ older: Owned | undefined = undefined

  constructor(owner: Owner | undefined) {
    this.owner = owner
    if (owner === undefined) return
    const { newest } = owner
    this.older = newest
    if (newest !== undefined) newest.newer = this
    owner.newest = this
  }

  abstract dispose(): void

  [Symbol.dispose](): void {
    this.dispose()
  }

  /** @internal Takes this out of its owner's list. */
  detach(): void {
    const { owner, newer, older } = this
    if (owner === undefined) return
    if (newer !== undefined) newer.older = older
    else if (owner.newest === this) owner.newest = older
    if (older !== undefined) older.newer = newer
    this.owner = this.newer = this.older = undefined
  }
}

/** Something that owns: a scope, a row, a region of a page, or a reaction with what its last run created. */
export class Owner extends Owned {
  /** @internal */ newest: Owned | undefined = undefined
  /** @internal Owners above this one: reactions of outer owners run first, so that they can close inner ones. */
  readonly depth: number

  constructor(owner: Owner | undefined = currentOwner) {
    super(owner)
    this.depth = owner === undefined ? 0 : owner.depth + 1
  }

  dispose(): void {
    disposeOwned(this)
    this.detach()
  }

  /** Takes errors of what it owns, and says whether it did; the nearest that does gets them. */
  handle?(error: unknown): boolean
}

let currentOwner: Owner | undefined

export function getOwner(): Owner | undefined {
  return currentOwner
}

/** @internal */
export function setOwner(owner: Owner | undefined): Owner | undefined {
  const previous = currentOwner
  currentOwner = owner
  return previous
}

/** Runs `work` so that what it creates belongs to `owner`. */
export function runOwned<T>(owner: Owner | undefined, work: () => T): T {
  const previous = setOwner(owner)
  try {
    return work()
  } finally {
    currentOwner = previous
  }
}

/** @internal Closes all that `owner` owns, newest first. */
export function disposeOwned(owner: Owner): void {
  while (owner.newest !== undefined) owner.newest.dispose()
}

class OwnedCleanup extends Owned {
  readonly #work: () => void

  constructor(owner: Owner, work: () => void) {
    super(owner)
    this.#work = work
  }

  dispose(): void {
    const { owner } = this
    if (owner === undefined) return
    this.detach()
    try {
      this.#work()
    } catch (error) {
      fail(owner, error)
    }
  }
}

/** Runs `work` when `owner` (by default the one that is running now) closes; nothing when there is none. */
export function onDispose(work: () => void, owner: Owner | undefined = currentOwner): void {
  if (owner !== undefined) new OwnedCleanup(owner, work)
}

/** Gives `error` to the nearest owner that handles errors, or to the host as one that nobody caught. */
export function fail(owner: Owner | undefined, error: unknown): void {
  let thrown = error
  for (let at = owner; at !== undefined; at = at.owner) {
    try {
      if (at.handle?.(thrown)) return
    } catch (worse) {
      thrown = worse
    }
  }
  // As an error that nobody caught: browsers and Node know what to do with it.
  queueMicrotask(() => {
    throw thrown
  })
}
