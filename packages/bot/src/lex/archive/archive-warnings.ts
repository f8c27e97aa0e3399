/** What a format cannot carry, collected while a bot goes out or comes in; each with the place in the bot. */
export class ArchiveWarnings {
  readonly #all = new Set<string>()

  add(path: string, what: string): void {
    this.#all.add(`${path}: ${what}`)
  }

  get all(): readonly string[] {
    return [...this.#all]
  }
}
