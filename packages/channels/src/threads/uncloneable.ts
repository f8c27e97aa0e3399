/** Thrown while a value is encoded that cannot be copied; the path grows on the way out, so that it is whole at the end. */
import { Panic } from '../panic.ts'

export class Uncloneable extends Panic {
  readonly path: (string | number)[] = []
  readonly #what: string

  constructor(what: string) {
    super('ERR_NOT_CLONEABLE', '')
    this.#what = what
    Object.defineProperty(this, 'message', { get: () => this.#text(), configurable: true })
  }

  #text(): string {
    const path = this.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
    return `value${path} cannot be sent to another thread: it is ${this.#what}`
  }
}
