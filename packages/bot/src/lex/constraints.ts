/**
 * Checks of untrusted input against the limits that AWS documents, collected so that one answer names every place that is wrong,
 * in the words of the services: "Value at 'inputText' failed to satisfy constraint: Member must have length …".
 */
import { LexFault } from './lex-fault.ts'

export interface TextLimits {
  readonly min?: number
  readonly max?: number
  readonly pattern?: RegExp
  readonly oneOf?: readonly string[]
}

type JsonObject = Readonly<Record<string, unknown>>

export class Constraints {
  readonly #problems: string[] = []

  fail(path: string, constraint: string): undefined {
    // A hostile body has as many problems as it likes; nobody reads past a few.
    if (this.#problems.length < 20) {
      this.#problems.push(`Value at '${path}' failed to satisfy constraint: ${constraint}`)
    }
    return undefined
  }

  /** @throws {LexFault} naming every problem */
  end(): void {
    const count = this.#problems.length
    if (count === 0) return
    throw new LexFault(
      'input',
      `${count} validation error${count === 1 ? '' : 's'} detected: ${this.#problems.join('; ')}`,
    )
  }

  text(path: string, value: unknown, limits: TextLimits = {}): string | undefined {
    if (value === undefined || value === null) return this.fail(path, 'Member must not be null')
    if (typeof value !== 'string') return this.fail(path, 'Member must be a string')
    const { min = 0, max = Number.POSITIVE_INFINITY, pattern, oneOf } = limits
    // Lex counts Unicode characters; a string has no more of them than UTF-16 units.
    const length = value.length <= max && min <= 1 ? value.length : [...value].length
    if (length < min) {
      return this.fail(path, `Member must have length greater than or equal to ${min}`)
    }
    if (length > max) {
      return this.fail(path, `Member must have length less than or equal to ${max}`)
    }
    if (pattern && !pattern.test(value)) {
      return this.fail(path, `Member must satisfy regular expression pattern: ${pattern.source}`)
    }
    if (oneOf && !oneOf.includes(value)) {
      return this.fail(path, `Member must satisfy enum value set: [${oneOf.join(', ')}]`)
    }
    return value
  }

  optionalText(path: string, value: unknown, limits: TextLimits = {}): string | undefined {
    return value === undefined || value === null ? undefined : this.text(path, value, limits)
  }

  integer(path: string, value: unknown, min: number, max: number): number | undefined {
    if (value === undefined || value === null) return this.fail(path, 'Member must not be null')
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return this.fail(path, 'Member must be a whole number')
    }
    if (value < min) {
      return this.fail(path, `Member must have value greater than or equal to ${min}`)
    }
    if (value > max) return this.fail(path, `Member must have value less than or equal to ${max}`)
    return value
  }

  object(path: string, value: unknown): JsonObject | undefined {
    if (isObject(value)) return value
    if (value === undefined || value === null) return this.fail(path, 'Member must not be null')
    return this.fail(path, 'Member must be an object')
  }

  list(
    path: string,
    value: unknown,
    { min = 0, max = Number.POSITIVE_INFINITY }: Pick<TextLimits, 'min' | 'max'> = {},
  ): readonly unknown[] | undefined {
    if (value === undefined || value === null) return this.fail(path, 'Member must not be null')
    if (!Array.isArray(value)) return this.fail(path, 'Member must be a list')
    if (value.length < min) {
      return this.fail(path, `Member must have length greater than or equal to ${min}`)
    }
    if (value.length > max) {
      return this.fail(path, `Member must have length less than or equal to ${max}`)
    }
    return value
  }

  /** A map of strings; its keys and values within their own limits. */
  strings(
    path: string,
    value: unknown,
    limits: {
      readonly entries?: number
      readonly key?: TextLimits
      readonly value?: TextLimits
    } = {},
  ): Readonly<Record<string, string>> | undefined {
    const given = this.object(path, value)
    if (given === undefined) return undefined
    const entries = Object.entries(given)
    const { entries: most = Number.POSITIVE_INFINITY } = limits
    if (entries.length > most) {
      return this.fail(path, `Member must have length less than or equal to ${most}`)
    }
    const checked: [string, string][] = []
    for (const [key, member] of entries) {
      this.text(`${path}.key`, key, limits.key)
      const text = this.text(`${path}.${shorten(key)}`, member, limits.value)
      if (text !== undefined) checked.push([key, text])
    }
    // From entries: a key such as `__proto__` is a key like any other.
    return Object.fromEntries(checked)
  }
}

function shorten(key: string): string {
  return key.length <= 40 ? key : `${key.slice(0, 40)}…`
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
