/** Collects everything that is wrong with a definition, each with its path, so that all of it is told at once. */
import { BotError, type BotIssue } from '../bot-error.ts'

/** A definition has at most so many issues told; the rest is counted. */
const maxTold = 200

export class Issues {
  readonly errors: BotIssue[] = []
  readonly warnings: string[] = []
  readonly #leftOut = new Set<string>()
  #more = 0

  /** Nothing more is told of what this path leads to: it is wrong as a whole. */
  leaveOut(path: string): void {
    this.#leftOut.add(path)
  }

  error(path: string, message: string): void {
    if (this.#isLeftOut(path)) return
    if (this.errors.length < maxTold) this.errors.push({ path, message })
    else this.#more++
  }

  warn(path: string, message: string): void {
    if (this.#isLeftOut(path)) return
    if (this.warnings.length < maxTold) this.warnings.push(`${path}: ${message}`)
  }

  #isLeftOut(path: string): boolean {
    if (this.#leftOut.size === 0) return false
    for (let end = path.length; end > 0; end--) {
      const next = path[end]
      const isWhole = next === undefined || next === '.' || next === '['
      if (isWhole && this.#leftOut.has(path.slice(0, end))) return true
    }
    return false
  }

  /** @throws {BotError} BAD_INPUT with every issue, when there is one */
  throwIfAny(subject: string): void {
    if (this.errors.length === 0) return
    const [first] = this.errors as [BotIssue, ...BotIssue[]]
    const others = this.errors.length - 1 + this.#more
    throw new BotError(
      'BAD_INPUT',
      `${subject}: ${first.path}: ${first.message}${others === 0 ? '' : ` (and ${others} more)`}`,
      { issues: this.errors },
    )
  }
}

/** `intents.OrderBook`, `values[3]`. */
export function at(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}
