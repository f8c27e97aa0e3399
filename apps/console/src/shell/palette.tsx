/** @jsxImportSource @typestead/screens */
/**
 * The palette: Ctrl K or ⌘ K, type some letters, Enter. It knows the pages of all panels, the entities, and the
 * operations of the API (ARIA Authoring Practices, "Editable Combobox With List Autocomplete").
 */
import { cell, computed, onDispose } from '@typestead/screens'
import { type App, type Child, For } from '@typestead/screens/dom'
import { ServerManager } from '../server/server-manager.ts'
import { best } from './palette-match.ts'
import { loadTargets, pageTargets, type Target } from './palette-targets.ts'

export function Palette({ app }: { readonly app: App }): {
  readonly view: Child
  readonly open: () => void
} {
  const text = cell('')
  const active = cell(0)
  const targets = cell<readonly Target[]>(pageTargets)
  const found = computed(() => best(targets.value, text.value, 12))
  const server = app.scope.find(ServerManager)
  let loading: AbortController | undefined

  async function load(): Promise<void> {
    loading?.abort()
    loading = new AbortController()
    const { signal } = loading
    const more = await loadTargets(server, signal)
    if (!signal.aborted) targets.set([...pageTargets, ...more])
  }

  function open(): void {
    if (dialog.open) return
    text.set('')
    active.set(0)
    dialog.showModal()
    void load()
  }

  function go(target: Target | undefined): void {
    if (target === undefined) return
    dialog.close()
    void app.navigate(target.href)
  }

  function press(event: KeyboardEvent): void {
    const { length } = found.peek()
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && length > 0) active.update((at) => (at + step + length) % length)
    else if (event.key === 'Enter') go(found.peek()[active.peek()])
    else return
    event.preventDefault()
  }

  const idOf = (target: Target) => `palette-${encodeURIComponent(target.href)}`
  const dialog = (
    <dialog class="palette" aria-label="Go to" closedby="any">
      <input
        type="text"
        role="combobox"
        aria-label="Page, entity or operation"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={() => {
          const target = found.value[active.value]
          return target === undefined ? null : idOf(target)
        }}
        placeholder="Page, entity or operation"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          text.set((event.currentTarget as HTMLInputElement).value) // this very input
          active.set(0)
        }}
        onKeyDown={press}
      />
      <div
        id="palette-list"
        class="palette-list"
        role="listbox"
        tabindex={-1}
        aria-label="What fits"
      >
        <For each={found} key={(target) => target.href}>
          {(target, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <div
              id={idOf(target.peek())}
              role="option"
              aria-selected={() => index.value === active.value}
              ref={(row) => row.addEventListener('click', () => go(target.peek()))}
              onPointerMove={() => active.set(index.peek())}
            >
              <span>{() => target.value.label}</span>
              <span class="soft">{() => target.value.kind}</span>
            </div>
          )}
        </For>
      </div>
      <p class="palette-none" hidden={() => found.value.length > 0}>
        Nothing has that name. Try a page, an entity or a query.
      </p>
    </dialog>
  ) as HTMLDialogElement // a tag makes an element

  const shortcut = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    open()
  }
  addEventListener('keydown', shortcut)
  onDispose(() => {
    removeEventListener('keydown', shortcut)
    loading?.abort()
  })
  return { view: dialog, open }
}
