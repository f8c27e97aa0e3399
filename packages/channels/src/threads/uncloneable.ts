/** Thrown while a value is encoded that cannot be copied; the path grows on the way out, so that it is whole at the end. */
import { Panic } from '../panic.ts'

export class Uncloneable extends Panic {
  readonly path: (string | number)[] = []
  readonly #what: string
  #subject = 'value'
  #from = 0

  constructor(what: string) {
    super('ERR_NOT_CLONEABLE', '')
    this.#what = what
    Object.defineProperty(this, 'message', { get: () => this.#text(), configurable: true })
  }

  /** Names what was sent; the first `steps` of the path are our own wrapping. */
  of(subject: string, steps: number): this {
    this.#subject = subject
    this.#from = steps
    return this
  }

  #text(): string {
    const steps = this.path.slice(this.#from)
    const shown = steps
      .slice(0, mostSteps)
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    const path = `${shown.join('')}${steps.length > mostSteps ? '…' : ''}`
    return `${this.#subject}${path} cannot be sent to another thread: it is ${this.#what}`
  }
}

/** Of a path, in a message. */
const mostSteps = 20
