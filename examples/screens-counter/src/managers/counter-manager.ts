/** The count, for every screen that wants it. It is kept from one visit to the next. */
import { cell, debounce, Manager } from '@typestead/screens'
import type { PreferencesManager } from '@typestead/screens/managers'

export class CounterManager extends Manager {
  readonly #count = cell(0)
  readonly #preferences: PreferencesManager
  /** For all to read; only this manager writes. */
  readonly count = this.#count.readonly()

  constructor(preferences: PreferencesManager) {
    super()
    this.#preferences = preferences
  }

  increment = () => this.#count.update((n) => n + 1)

  protected override onInit(): void {
    const kept = this.#preferences.preference('count', 0, (stored) =>
      typeof stored === 'number' ? stored : undefined,
    )
    this.#count.set(kept.value)
    this.own(debounce(this.count, 200, (count) => kept.set(count)))
  }
}
