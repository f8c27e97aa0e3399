/** One short notice at a time, shown at the foot of the page and said by screen readers. */
import { cell, Manager } from '@typestead/screens'

export interface Notice {
  readonly text: string
  /** Something that may be done about it, such as taking it back. */
  readonly action?: { readonly label: string; readonly work: () => void }
  readonly link?: { readonly label: string; readonly href: string }
}

const shownMs = 6000

export class NoticeManager extends Manager {
  readonly #notice = cell<Notice | undefined>(undefined)
  readonly notice = this.#notice.readonly()
  #timer: ReturnType<typeof setTimeout> | undefined

  tell(notice: Notice): void {
    this.#notice.set(notice)
    this.hold()
    this.release()
  }

  /** It stays while the pointer or the focus is on it. */
  hold(): void {
    clearTimeout(this.#timer)
  }

  release(): void {
    this.#timer = setTimeout(() => this.dismiss(), shownMs)
  }

  dismiss(): void {
    clearTimeout(this.#timer)
    this.#notice.set(undefined)
  }

  protected override onClose(): void {
    clearTimeout(this.#timer)
  }
}
