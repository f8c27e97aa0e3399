/**
 * A statement with sites: places whose SQL depends on values (filters, sizes, rules of whoever asks). Everything else is
 * known text, so that binding costs what the values cost and the same values' shape gives the same text, prepared once.
 */
import type { Statement } from '@typestead/store/sql'
import type { Binding } from './binding.ts'

/** Writes the SQL of its place; its values go to the binding's parameters. */
export type Site = (binding: Binding) => string

/** U+0000, which PostgreSQL's texts cannot hold: no constant of a statement has it. */
const mark = '\0'

/** Texts that sites gave before, so that one string stands for equal ones; the others are made anew. */
const mostTexts = 8
/** Statements of those who asked before, for plans without variables. */
const mostKept = 64

/** What stands for a site in the text that a template is made of. */
export function siteMark(number: number): string {
  return `${mark}${number}${mark}`
}

export class Template {
  /** Known text and, between, the numbers of sites. */
  readonly #known: readonly string[]
  readonly #order: readonly number[]
  readonly #sites: readonly Site[]
  readonly #texts: string[] = []
  readonly #kept = new Map<string, Statement>()

  constructor(text: string, sites: readonly Site[]) {
    const pieces = text.split(mark)
    this.#known = pieces.filter((_, index) => index % 2 === 0)
    this.#order = pieces.filter((_, index) => index % 2 === 1).map(Number)
    this.#sites = sites
  }

  /** @throws what a site finds wrong with a value */
  bind(binding: Binding): Statement {
    const written: string[] = []
    let text = this.#known[0] ?? ''
    for (const [index, number] of this.#order.entries()) {
      // A site that stands twice has its parameters once.
      const own = written[number] ?? this.#sites[number]?.(binding) ?? ''
      written[number] = own
      text += own + this.#known[index + 1]
    }
    return { text: this.#same(text), values: binding.parameters.values }
  }

  /** The statement of an operation without variables, for all who ask as `key` says. */
  bindOnce(key: string | undefined, make: () => Binding): Statement {
    const known = key === undefined ? undefined : this.#kept.get(key)
    if (known) return known
    const statement = this.bind(make())
    if (key === undefined) return statement
    if (this.#kept.size >= mostKept) this.#kept.clear()
    this.#kept.set(key, statement)
    return statement
  }

  #same(text: string): string {
    const known = this.#texts.find((one) => one === text)
    if (known !== undefined) return known
    if (this.#texts.length >= mostTexts) this.#texts.shift()
    this.#texts.push(text)
    return text
  }
}
