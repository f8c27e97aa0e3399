/**
 * What the scheduler resumes in the generator lane: a goroutine's generator, what its last operation gave, and its
 * place in a wait queue, in one object, since a goroutine waits for one thing at a time. A hand-off then touches
 * nothing of the goroutine but this; with a thousand of them that is what the processor's cache decides.
 */
import { type Goroutine, Status } from './goroutine.ts'
import { Sudog, Wait } from './sudog.ts'

type NativeGenerator = Generator<unknown, unknown, unknown>

/**
 * Every generator function has a prototype of its own, so `generator.next` is a property of a different shape in every
 * goroutine and is looked up anew each time (a fifth of a hand-off); the method is the same for all.
 */
const { next } = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())) as {
  next: (this: NativeGenerator, fiber: Fiber) => IteratorResult<unknown, unknown>
}

export class Fiber extends Sudog {
  /** Its value, once it is readied, is in `elem`; this tells whether a sender may go on. */
  ok = true
  private readonly generator: NativeGenerator
  status: number = Status.running

  constructor(goroutine: Goroutine, iterator: Iterator<unknown, unknown, unknown>) {
    super()
    this.kind = Wait.generator
    this.g = goroutine
    this.generator = isNative(iterator) ? iterator : delegate(iterator)
  }

  /** Runs it until it waits; true when it has returned. `yield*` passes the fiber on to the operation it waited in. */
  resume(): boolean | undefined {
    return next.call(this.generator, this).done
  }
}

function isNative(iterator: Iterator<unknown, unknown, unknown>): iterator is NativeGenerator {
  return (iterator.next as unknown) === next
}

function* delegate(iterator: Iterator<unknown, unknown, unknown>): NativeGenerator {
  return yield* { [Symbol.iterator]: () => iterator }
}
