/**
 * A `select` that is used again and again with the same cases, as in a loop: the cases are built once. The value of a
 * send case can be changed between rounds with `s.cases[i].value = …`.
 */
import { breath, defer, outOfBreath } from './event-loop.ts'
import type { Fiber } from './fiber.ts'
import { Panic, sendOnClosed } from './panic.ts'
import { currentFiber, readyFiber } from './park.ts'
import { enqueueAll, hasForeign, type SelectResult, selectNow, selectOver } from './select.ts'
import type { SelectCase } from './select-case.ts'
import { SelectRecord } from './select-record.ts'

export class Selector<C extends readonly SelectCase[]> {
  readonly cases: C
  private readonly foreign: boolean

  /** @throws {Panic} ERR_MULTIPLE_DEFAULTS */
  constructor(cases: C) {
    this.cases = cases
    this.foreign = hasForeign(cases)
  }

  /** Waits for one case, like `select(...cases)`. */
  next(): Promise<SelectResult<C>> {
    // The index tells the case, and the case's channel holds values of its type.
    return selectOver(this.cases, this.foreign) as Promise<SelectResult<C>>
  }

  /** The same in the generator lane: `const r = yield* s.pick()`. */
  pick(): Iterable<never, SelectResult<C>> {
    return new SelectOperation<C>(this.cases)
  }
}

/** Makes a `Selector`. */
export function selector<const C extends readonly SelectCase[]>(...cases: C): Selector<C> {
  return new Selector(cases)
}

/** `select` in the generator lane: `const r = yield* pick(recv(a), otherwise)`. */
export function pick<const C extends readonly SelectCase[]>(
  ...cases: C
): Iterable<never, SelectResult<C>> {
  return new SelectOperation<C>(cases)
}

class SelectOperation<C extends readonly SelectCase[]> implements Iterable<never, SelectResult<C>> {
  private readonly cases: C

  /** @throws {Panic} ERR_MULTIPLE_DEFAULTS; ERR_NOT_A_GOROUTINE with shared channels */
  constructor(cases: C) {
    if (hasForeign(cases)) {
      throw new Panic(
        'ERR_NOT_A_GOROUTINE',
        'select over shared channels waits in the generator lane through until(): yield* until(select(…))',
      )
    }
    this.cases = cases
  }

  [Symbol.iterator](): Iterator<never, SelectResult<C>> {
    return this
  }

  next(resumed?: Fiber): IteratorResult<never, SelectResult<C>> {
    if (resumed !== undefined) {
      const value = resumed.elem
      resumed.elem = undefined
      if (!resumed.ok) throw sendOnClosed()
      // Told by the record; the index tells the case.
      return { done: true, value: value as SelectResult<C> }
    }
    const selected = selectNow(this.cases)
    if (selected === null) {
      const record = enqueueAll(new SelectRecord(), this.cases)
      record.parkGenerator(this.cases.length === 0 ? 'select (no cases)' : 'select')
    } else if (--breath.left < 0 && outOfBreath()) {
      const fiber = currentFiber()
      defer(() => readyFiber(fiber, selected, true))
    } else return { done: true, value: selected as SelectResult<C> } // the index tells the case
    return { done: false, value: undefined as never } // nobody reads what is yielded
  }
}
