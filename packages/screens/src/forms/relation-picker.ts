/**
 * Picks a row of another entity: a combobox with a list that filters as one types (ARIA Authoring Practices, "Editable
 * Combobox With List Autocomplete"). Only the newest search counts; what went wrong is said in the list.
 */
import { cell, reaction } from '../cell.ts'
import { clock } from '../clock.ts'
import { type Child, Show } from '../dom/child.ts'
import { element } from '../dom/element.ts'
import { For } from '../dom/keyed-list.ts'
import { onDispose } from '../owner.ts'
import type { RelationNode, RelationOption } from './form-node.ts'

interface Found {
  readonly options: readonly RelationOption[]
  readonly message: string
}

const searchDelayMs = 150

export function relationPicker(
  node: RelationNode,
  id: string,
  describedBy: () => string | null,
): Child {
  const { source } = node
  const text = cell(node.chosen.peek()?.label ?? '')
  const open = cell(false)
  const found = cell<Found>({ options: [], message: '' })
  const active = cell(-1)
  let searching: AbortController | undefined
  let cancel: (() => void) | undefined
  const stop = () => {
    cancel?.()
    searching?.abort()
  }
  onDispose(stop)

  // What is chosen elsewhere (a reset, a row that arrives) shows here.
  reaction(() => {
    const chosen = node.chosen.value
    text.set(chosen?.label ?? '')
    if (chosen !== undefined && String(chosen.key) === chosen.label) void nameChosen(chosen)
  })

  async function nameChosen(chosen: RelationOption): Promise<void> {
    if (source?.labelOf === undefined) return
    const controller = new AbortController()
    onDisposeAbort(controller)
    try {
      const label = await source.labelOf(chosen.key, controller.signal)
      if (node.chosen.peek() === chosen) text.set(label)
    } catch {
      // The key stays as its name; choosing another still works.
    }
  }

  function onDisposeAbort(controller: AbortController): void {
    onDispose(() => controller.abort())
  }

  function search(): void {
    stop()
    if (source === undefined) return
    const controller = new AbortController()
    searching = controller
    const { signal } = controller
    found.set({ options: found.peek().options, message: 'Searching…' })
    cancel = clock.after(searchDelayMs, async () => {
      try {
        const options = await source.search(text.peek(), signal)
        if (signal.aborted) return
        found.set({ options, message: options.length === 0 ? 'Nothing found' : '' })
        active.set(options.length === 0 ? -1 : 0)
      } catch (error) {
        if (signal.aborted) return
        const reason = error instanceof Error ? error.message : String(error)
        found.set({ options: [], message: `The search failed: ${reason}` })
      }
    })
  }

  function choose(option: RelationOption | undefined): void {
    stop()
    node.chosen.set(option)
    node.error.set(undefined)
    text.set(option?.label ?? '')
    open.set(false)
    active.set(-1)
  }

  /** What was typed but not chosen is taken back. */
  function leave(): void {
    stop()
    if (text.peek().trim() === '' && node.chosen.peek() !== undefined) choose(undefined)
    else text.set(node.chosen.peek()?.label ?? '')
    open.set(false)
    if (node.dirty.peek()) node.give()
  }

  function press(event: KeyboardEvent): void {
    const { options } = found.peek()
    const option = options[active.peek()]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open.peek()) {
        open.set(true)
        search()
      } else if (options.length > 0) {
        const step = event.key === 'ArrowDown' ? 1 : -1
        active.update((at) => (at + step + options.length) % options.length)
      }
    } else if (event.key === 'Enter' && open.peek()) {
      event.preventDefault()
      if (option !== undefined) choose(option)
    } else if (event.key === 'Escape' && open.peek()) {
      event.preventDefault()
      leave()
    }
  }

  if (source === undefined) {
    return element('input', {
      id,
      type: 'text',
      readonly: node.readonly,
      'aria-describedby': describedBy,
      'aria-invalid': () => (node.error.value === undefined ? null : 'true'),
      value: text,
      onChange: (event: Event) => {
        const { value } = event.currentTarget as HTMLInputElement // the handler is the input's
        node.chosen.set(value === '' ? undefined : { key: value, label: value })
      },
    })
  }
  return element('div', {
    class: 'relation-picker',
    children: [
      element('input', {
        id,
        type: 'text',
        role: 'combobox',
        autocomplete: 'off',
        readonly: node.readonly,
        'aria-autocomplete': 'list',
        'aria-expanded': open,
        'aria-controls': `${id}-list`,
        'aria-activedescendant': () =>
          open.value && active.value >= 0 ? `${id}-option-${active.value}` : null,
        'aria-describedby': describedBy,
        'aria-required': node.required ? 'true' : undefined,
        'aria-invalid': () => (node.error.value === undefined ? null : 'true'),
        value: text,
        onInput: (event: Event) => {
          text.set((event.currentTarget as HTMLInputElement).value) // the handler is the input's
          open.set(true)
          search()
        },
        onKeyDown: press,
        onBlur: leave,
      }),
      element('ul', {
        id: `${id}-list`,
        role: 'listbox',
        'aria-labelledby': `${id}-label`,
        hidden: () => !open.value || found.value.options.length === 0,
        children: For({
          each: () => found.value.options,
          key: (option) => JSON.stringify(option.key),
          children: (option, index) =>
            element('li', {
              id: () => `${id}-option-${index.value}`,
              role: 'option',
              'aria-selected': () => active.value === index.value,
              // Before the input loses the focus.
              onPointerDown: (event: Event) => {
                event.preventDefault()
                choose(option.peek())
              },
              children: () => option.value.label,
            }),
        }),
      }),
      Show({
        when: () => open.value && found.value.message !== '',
        children: () => element('p', { role: 'status', children: () => found.value.message }),
      }),
    ],
  })
}
