/** @jsxImportSource @typestead/screens */
/**
 * The confusion matrix as a table with heat: a row for each intent, a column for what it was taken for. One place is in
 * the order of tabs; arrows, Home and End lead through those with examples, Enter shows them.
 */
import { cell, type Readable } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import { type Confusion, type Place, placeAfter } from './confusion.ts'

export interface ConfusionTableProps {
  readonly confusion: Readable<Confusion>
  readonly chosen: () => {
    readonly intent: string | undefined
    readonly predicted: string | undefined
  }
  readonly onChoose: (intent: string, predicted: string) => void
}

export function ConfusionTable({ confusion, chosen, onChoose }: ConfusionTableProps): Child {
  const at = cell<Place | undefined>(undefined)
  const first = () => {
    const row = confusion.value.counts.findIndex((counts) => counts.some((count) => count > 0))
    return { row, column: confusion.value.counts[row]?.findIndex((count) => count > 0) ?? -1 }
  }
  const current = () => at.value ?? first()
  let table: HTMLElement | undefined
  const move = (event: KeyboardEvent, from: Place) => {
    const to = placeAfter(confusion.peek(), from, event.key)
    if (to === from) return
    event.preventDefault()
    at.set(to)
    const button = table?.querySelector(`[data-place="${to.row}-${to.column}"]`)
    if (button instanceof HTMLElement) button.focus()
  }
  const button = (place: Place, count: number) => {
    const { names, totals } = confusion.value
    const intent = names[place.row] ?? ''
    const predicted = names[place.column] ?? ''
    const total = totals[place.row] ?? count
    return (
      <button
        type="button"
        data-place={`${place.row}-${place.column}`}
        tabindex={() => (current().row === place.row && current().column === place.column ? 0 : -1)}
        aria-pressed={() => chosen().intent === intent && chosen().predicted === predicted}
        aria-label={`${plural(count, 'example')} of ${intent} taken for ${predicted || 'nothing'}`}
        title={`${intent} → ${predicted || 'nothing'}: ${count} of ${total}`}
        onKeyDown={(event) => move(event, place)}
        onFocus={() => at.set(place)}
        onClick={() => onChoose(intent, predicted)}
      >
        {count}
      </button>
    )
  }
  return (
    <section class="confusion" aria-labelledby="confusion-title">
      <h2 id="confusion-title">Which intents are taken for each other</h2>
      <div class="confusion-scroll" ref={(element) => (table = element)}>
        <table>
          <caption class="soft">
            Rows: the intent of the example. Columns: what it was taken for.
          </caption>
          {() => {
            const { names, counts, totals } = confusion.value
            return (
              <>
                <thead>
                  <tr>
                    <td />
                    {names.map((name) => (
                      <th scope="col">
                        <span class="column-name">{name || 'nothing'}</span>
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {counts.map((row, r) => (
                    <tr>
                      <th scope="row">{names[r] || 'nothing'}</th>
                      {row.map((count, column) =>
                        count === 0 ? (
                          <td />
                        ) : (
                          <td
                            class={r === column ? 'right' : 'mistaken'}
                            style={{ '--heat': String(count / (totals[r] ?? count)) }}
                          >
                            {button({ row: r, column }, count)}
                          </td>
                        ),
                      )}
                    </tr>
                  ))}
                </tbody>
              </>
            )
          }}
        </table>
      </div>
    </section>
  )
}
