/**
 * What the engine itself costs in the generator lane: the sieve over links of at most one waiter, its generators
 * resumed from a ring. No closing, no select, no trace, no turns for the event loop.
 */

export async function sieveOfGenerators(primes: number): Promise<void> {
  head = tail = 0
  const spawn = (body: () => Generator<unknown, unknown, Task>) => enqueue(new Task(body()))
  spawn(function* () {
    let source = new Link()
    const first = source
    spawn(function* () {
      for (let i = 2; ; i++) yield* first.put(i)
    })
    for (let i = 0; i < primes; i++) {
      const prime = yield* source.receiving
      const from = source
      const to = new Link()
      spawn(function* () {
        for (;;) {
          const candidate = yield* from.receiving
          if (candidate % prime !== 0) yield* to.put(candidate)
        }
      })
      source = to
    }
  })
  for (let done: boolean | undefined = false; done !== true; ) {
    const task = ring[head] as Task // the sieve ends before it is empty
    head = (head + 1) & 4095
    running = task
    done = next.call(task.generator, task).done
  }
}

/** A generator of the generator lane, resumed from a queue: `yield*` on an operation of its own, once a hand-off. */
class Task {
  value = 0
  readonly generator: Generator<unknown, unknown, Task>
  constructor(generator: Generator<unknown, unknown, Task>) {
    this.generator = generator
  }
}

/** The generator functions' own `next`; each has a prototype of its own, which would be looked up anew in each. */
const { next } = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())) as {
  next: (this: Task['generator'], task: Task) => IteratorResult<unknown>
}

const ring: (Task | null)[] = new Array(4096).fill(null)
let head = 0
let tail = 0
let running: Task | null = null

function enqueue(task: Task): void {
  ring[tail] = task
  tail = (tail + 1) & 4095
}

const waiting: IteratorResult<never, never> = { done: false, value: undefined as never }
const complete: { done: true; value: number } = { done: true, value: 0 }

class Link {
  receiver: Task | null = null
  sender: Task | null = null
  value = 0
  readonly receiving: Receiving
  readonly sending: Sending
  constructor() {
    this.receiving = new Receiving(this)
    this.sending = new Sending(this)
  }
  put(value: number): Sending {
    this.sending.value = value
    return this.sending
  }
}

class Receiving implements Iterable<never, number> {
  private readonly link: Link
  constructor(link: Link) {
    this.link = link
  }
  [Symbol.iterator](): Iterator<never, number> {
    return this as Iterator<never, number>
  }
  next(resumed?: Task): IteratorResult<never, number> {
    const { link } = this
    if (resumed !== undefined) complete.value = resumed.value
    else if (link.sender !== null) {
      const { sender } = link
      link.sender = null
      enqueue(sender)
      complete.value = link.value
    } else {
      link.receiver = running
      return waiting
    }
    return complete
  }
}

class Sending implements Iterable<never, number> {
  private readonly link: Link
  value = 0
  constructor(link: Link) {
    this.link = link
  }
  [Symbol.iterator](): Iterator<never, number> {
    return this as Iterator<never, number>
  }
  next(resumed?: Task): IteratorResult<never, number> {
    const { link } = this
    if (resumed !== undefined) return complete
    const { receiver } = link
    if (receiver === null) {
      link.sender = running
      link.value = this.value
      return waiting
    }
    link.receiver = null
    receiver.value = this.value
    enqueue(receiver)
    return complete
  }
}
