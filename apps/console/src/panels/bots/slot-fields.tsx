/** @jsxImportSource @typestead/screens */
/** The slots of an intent, in the order in which they are asked. */
import { type Child, For } from '@typestead/screens/dom'
import type { SlotForm } from './edit-bot.ts'

export function SlotFields(props: {
  readonly slots: () => readonly SlotForm[]
  readonly onChange: (slots: readonly SlotForm[]) => void
}): Child {
  const { slots, onChange } = props
  const change = (at: number, changes: Partial<SlotForm>) =>
    onChange(slots().map((slot, index) => (index === at ? { ...slot, ...changes } : slot)))
  const swap = (at: number) => {
    const moved = [...slots()]
    moved.splice(at - 1, 0, ...moved.splice(at, 1))
    onChange(moved)
  }
  const rows = () => slots().map((slot, at) => ({ slot, at }))
  return (
    <fieldset class="slots">
      <legend>Slots, in the order in which they are asked</legend>
      <For each={rows} key={({ at }) => at}>
        {(row) => {
          const at = row.peek().at
          const slot = () => row.value.slot
          return (
            <fieldset class="slot" aria-label={() => `Slot ${slot().name || at + 1}`}>
              <label>
                Name
                <input
                  value={() => slot().name}
                  required
                  onInput={(event) => change(at, { name: event.currentTarget.value })}
                />
              </label>
              <label>
                Type
                <input
                  value={() => slot().type}
                  required
                  onInput={(event) => change(at, { type: event.currentTarget.value })}
                />
              </label>
              <label class="check">
                <input
                  type="checkbox"
                  checked={() => slot().required}
                  onChange={(event) => change(at, { required: event.currentTarget.checked })}
                />
                Required
              </label>
              <label class="wide">
                Prompt
                <input
                  value={() => slot().prompt}
                  onInput={(event) => change(at, { prompt: event.currentTarget.value })}
                />
              </label>
              <label class="wide">
                Asked again, one a line
                <textarea
                  rows={2}
                  value={() => slot().retries}
                  onInput={(event) => change(at, { retries: event.currentTarget.value })}
                />
              </label>
              <p class="row-actions wide">
                <button type="button" class="quiet" disabled={at === 0} onClick={() => swap(at)}>
                  Ask earlier
                </button>{' '}
                <button
                  type="button"
                  class="quiet danger"
                  onClick={() => onChange(slots().filter((_, index) => index !== at))}
                >
                  Take away
                </button>
              </p>
            </fieldset>
          )
        }}
      </For>
      <button
        type="button"
        class="quiet"
        onClick={() =>
          onChange([
            ...slots(),
            { name: '', type: 'AMAZON.AlphaNumeric', required: true, prompt: '', retries: '' },
          ])
        }
      >
        Add a slot
      </button>
    </fieldset>
  )
}
