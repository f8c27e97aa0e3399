/** Plans kept for the same operation with the same variables by the same kind of caller; the least recently used give way. */
import type { OperationDefinitionNode } from 'graphql'
import type { TextPlan } from './compile.ts'
import type { NotText } from './not-text.ts'

const mostPlans = 512
/** Longer keys (large variables) are rarely met twice. */
const longestKey = 2048

export class PlanCache {
  readonly #plans = new Map<string, TextPlan | NotText>()
  readonly #numbers = new WeakMap<OperationDefinitionNode, number>()
  #next = 0

  /** The plan, made by `compile` at most once for equal inputs. `undefined` values never reach a key twice. */
  get(
    operation: OperationDefinitionNode,
    inputs: readonly unknown[],
    compile: () => TextPlan | NotText,
  ): TextPlan | NotText {
    const key = this.#key(operation, inputs)
    if (key === undefined) return compile()
    const known = this.#plans.get(key)
    if (known) {
      this.#plans.delete(key)
      this.#plans.set(key, known)
      return known
    }
    const plan = compile()
    if (this.#plans.size >= mostPlans) {
      const oldest = this.#plans.keys().next()
      if (!oldest.done) this.#plans.delete(oldest.value)
    }
    this.#plans.set(key, plan)
    return plan
  }

  #key(operation: OperationDefinitionNode, inputs: readonly unknown[]): string | undefined {
    let number = this.#numbers.get(operation)
    if (number === undefined) {
      number = this.#next++
      this.#numbers.set(operation, number)
    }
    try {
      const key = `${number} ${JSON.stringify(inputs, plain)}`
      return key.length <= longestKey ? key : undefined
    } catch {
      // Values that are not JSON (a cycle, a bigint) make no key.
      return undefined
    }
  }
}

/** What JSON would write like something else makes no key, so that two different callers never share a plan. */
function plain(_: string, value: unknown): unknown {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError('no key')
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('no key')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('no key')
  return value
}
