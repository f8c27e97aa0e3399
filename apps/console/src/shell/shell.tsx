/** @jsxImportSource @typestead/screens */
/** What stands around every page: the sidebar, the palette, and a word when the server is away. */
import type { Cell } from '@typestead/screens'
import { type App, type Child, Show } from '@typestead/screens/dom'
import { LiveManager } from '../server/live-manager.ts'
import { messageOf } from '../server/server-error.ts'
import { Palette } from './palette.tsx'
import { Sidebar } from './sidebar.tsx'

export interface ShellProps {
  readonly app: App
  /** Where pages are shown. */
  readonly root: HTMLElement
  readonly failure: Cell<unknown>
}

export function Shell({ app, root, failure }: ShellProps): Child {
  const live = app.scope.find(LiveManager)
  const palette = Palette({ app })
  return (
    <div class="shell">
      <button
        type="button"
        class="skip"
        onClick={() => root.querySelector<HTMLElement>('h1')?.focus()}
      >
        Skip to the content
      </button>
      <Sidebar app={app} onPalette={palette.open} />
      <div class="shell-content">
        <div role="status" class="notices">
          <Show when={() => live.connection.value === 'lost'}>
            {() => (
              <div class="notice bad">
                <span>
                  <strong>The server does not answer.</strong> What you see is from before; the page
                  tries again by itself. If it was stopped, start it with <code>typestead dev</code>
                  .
                </span>
                <button type="button" class="quiet" onClick={live.retry}>
                  Try now
                </button>
              </div>
            )}
          </Show>
          <Show when={failure}>
            {(error) => (
              <div class="notice bad">
                <span>
                  <strong>Something went wrong in the console.</strong> {() => messageOf(error())}
                </span>
                <button type="button" class="quiet" onClick={() => failure.set(undefined)}>
                  Dismiss
                </button>
              </div>
            )}
          </Show>
        </div>
        {root}
      </div>
      {palette.view}
    </div>
  )
}
