/** @jsxImportSource @typestead/screens */
/** A list with the details of what is active in it beside it; on narrow screens below. */
import { flush } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'

export interface SplitProps<T> {
  readonly list: Child
  readonly selected: () => T | undefined
  /** Names the details, for instance "Entry". */
  readonly label: string
  readonly detail: (value: () => T) => Child
  readonly onClose: () => unknown
}

export function Split<T>({ list, selected, label, detail, onClose }: SplitProps<T>): Child {
  return (
    <div class="split">
      <div class="split-list">{list}</div>
      <Show when={() => selected() !== undefined}>
        {() => (
          <Detail label={label} onClose={onClose}>
            {detail(() => selected() as T)}
          </Detail>
        )}
      </Show>
    </div>
  )
}

export interface DetailProps {
  readonly label: string
  /** Closed by its button or Escape; the focus goes back to the list. */
  readonly onClose: () => unknown
  readonly children: Child
}

/** The details, beside a `split-list` in a `split`. */
export function Detail({ label, onClose, children }: DetailProps): Child {
  const close = () => {
    const list = section.parentElement?.querySelector<HTMLElement>('.split-list [tabindex="0"]')
    onClose()
    flush()
    list?.focus()
  }
  const section = (
    <section
      class="split-detail"
      aria-label={label}
      ref={(made) =>
        made.addEventListener('keydown', (event) => {
          // A list that is open inside takes the key first.
          if (event.key === 'Escape' && !event.defaultPrevented) close()
        })
      }
    >
      <header class="detail-head">
        <h2>{label}</h2>
        <button type="button" class="icon" aria-label="Close details" onClick={close}>
          ✕
        </button>
      </header>
      {children}
    </section>
  ) as HTMLElement // a tag makes an element
  return section
}
