/**
 * A `select` that is used again and again with the same cases, as in a loop: the cases are built once. The value of a
 * send case can be changed between rounds with `s.cases[i].value = …`.
 */
import { Panic, sendOnClosed } from './panic.ts'
import { currentGenerator } from './park.ts'
import { scheduler } from './scheduler.ts'
import { enqueueAll, hasForeign, type SelectResult, selectNow, selectOver } from './select.ts'
import { Otherwise, type SelectCase } from './select-case.ts'
import { type Selected, SelectRecord } from './select-record.ts'

export class Selector<C extends readonly SelectCase[]> {
  readonly cases: C
  private readonly foreign: boolean

  constructor(cases: C) {
    if (cases.filter((one) => one instanceof Otherwise).length > 1) {
      throw new Panic('ERR_MULTIPLE_DEFAULTS', 'selector has more than one `otherwise`; keep one')
    }
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
  readonly #cases: C

  constructor(cases: C) {
    this.#cases = cases
  }

  [Symbol.iterator](): Iterator<never, SelectResult<C>> {
    return this
  }

  next(): IteratorResult<never, SelectResult<C>> {
    const goroutine = scheduler.current ?? currentGenerator()
    if (goroutine.resumed) {
      goroutine.resumed = false
      if (!goroutine.ok) throw sendOnClosed()
      return this.#done(goroutine.value as Selected) // told by the record
    }
    if (hasForeign(this.#cases)) {
      throw new Panic(
        'ERR_NOT_A_GOROUTINE',
        'select over shared channels waits in the generator lane through until(): yield* until(select(…))',
      )
    }
    const selected = selectNow(this.#cases)
    if (selected !== null) return this.#done(selected)
    const record = enqueueAll(new SelectRecord(), this.#cases)
    record.parkGenerator(this.#cases.length === 0 ? 'select (no cases)' : 'select')
    return { done: false, value: undefined as never } // nobody reads what is yielded
  }

  #done(selected: Selected): IteratorReturnResult<SelectResult<C>> {
    return { done: true, value: selected as SelectResult<C> } // the index tells the case
  }
}
