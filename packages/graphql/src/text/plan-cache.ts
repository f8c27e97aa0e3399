/**
 * Plans by what they were made of: an operation, or fields of one. Each has the requests that it holds for as its guards;
 * values have no part in it. Bounded: the least recently used operations give way, and of one the oldest plans.
 */
import type { ASTNode } from 'graphql'
import type { Binding } from './binding.ts'
import type { Guard, TextPlan } from './compilation.ts'
import type { NotText } from './not-text.ts'

const mostOperations = 512
/** Of one operation: by skip and include, and by which arguments of pages are given. */
const mostPlans = 16

export interface KeptPlan {
  readonly guards: readonly Guard[]
  readonly plan: TextPlan | NotText
}

export class PlanCache {
  readonly #plans = new Map<string, KeptPlan[]>()
  readonly #numbers = new WeakMap<ASTNode, number>()
  #next = 0

  /** The plan that holds for this request. */
  find(nodes: readonly ASTNode[], binding: Binding): TextPlan | NotText | undefined {
    const key = this.#key(nodes)
    const plans = this.#plans.get(key)
    if (!plans) return undefined
    this.#plans.delete(key)
    this.#plans.set(key, plans)
    return plans.find(({ guards }) => guards.every(({ read, value }) => read(binding) === value))
      ?.plan
  }

  keep(nodes: readonly ASTNode[], kept: KeptPlan): void {
    const key = this.#key(nodes)
    const plans = this.#plans.get(key) ?? []
    if (plans.length >= mostPlans) plans.shift()
    plans.push(kept)
    this.#plans.set(key, plans)
    if (this.#plans.size <= mostOperations) return
    const oldest = this.#plans.keys().next()
    if (!oldest.done) this.#plans.delete(oldest.value)
  }

  #key(nodes: readonly ASTNode[]): string {
    return nodes.map((node) => this.#number(node)).join()
  }

  #number(node: ASTNode): number {
    let number = this.#numbers.get(node)
    if (number === undefined) {
      number = this.#next++
      this.#numbers.set(node, number)
    }
    return number
  }
}
