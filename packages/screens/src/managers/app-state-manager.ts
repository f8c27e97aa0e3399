/** What the app may want to know of its surroundings: is there a network, is the page in sight. */
import { cell } from '../cell.ts'
import { Manager } from '../lifecycle.ts'

export class AppStateManager extends Manager {
  readonly #online = cell(typeof navigator === 'undefined' || navigator.onLine !== false)
  readonly #visible = cell(
    typeof document === 'undefined' || document.visibilityState === 'visible',
  )
  /** The browser has a network; a server may still be away. */
  readonly online = this.#online.readonly()
  /** The page is in sight: pause what nobody sees. */
  readonly visible = this.#visible.readonly()

  protected override onInit(): void {
    if (typeof window === 'undefined') return
    const { signal } = this
    const follow = (target: EventTarget, type: string, work: () => void) =>
      target.addEventListener(type, work, { signal })
    follow(window, 'online', () => this.#online.set(true))
    follow(window, 'offline', () => this.#online.set(false))
    follow(document, 'visibilitychange', () =>
      this.#visible.set(document.visibilityState === 'visible'),
    )
  }
}
