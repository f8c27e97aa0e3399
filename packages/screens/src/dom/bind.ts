/** Two-way bindings of form controls: `<input {...bind.value(name)} />`. What the user types is set as it is typed. */
import type { Cell } from '../stream.ts'

export const bind = {
  /** Text of an input, a textarea or a select. */
  value: (cell: Cell<string>) => ({
    value: cell,
    onInput: (event: Event) => cell.set(control(event).value),
  }),
  /** A number; null while the field is empty or holds none. */
  number: (cell: Cell<number | null>) => ({
    value: () => {
      // While the text stands for the number, it stays as it was typed: "1." and "1.0" are 1.
      return cell.value === null ? '' : String(cell.value)
    },
    onChange: (event: Event) => cell.set(numberOf(control(event).value)),
  }),
  checked: (cell: Cell<boolean>) => ({
    checked: cell,
    onChange: (event: Event) => cell.set(control(event).checked),
  }),
  /** One of several radio buttons. */
  choice: <T extends string>(cell: Cell<T>, value: T) => ({
    value,
    checked: () => cell.value === value,
    onChange: (event: Event) => {
      if (control(event).checked) cell.set(value)
    },
  }),
} as const

function control(event: Event): HTMLInputElement {
  return event.currentTarget as HTMLInputElement // the spread puts these handlers on form controls
}

function numberOf(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}
