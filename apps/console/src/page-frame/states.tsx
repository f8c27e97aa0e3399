/** @jsxImportSource @typestead/screens */
/** What stands where there is nothing to show: what to do, what went wrong, or that it is on its way. */
import { ever, type PageFailure, type Resource } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import type { LiveManager } from '../server/live-manager.ts'
import { messageOf } from '../server/server-error.ts'

export interface EmptyProps {
  readonly title: string
  /** What to do. */
  readonly children?: Child
}

export function Empty({ title, children }: EmptyProps): Child {
  return (
    <div class="state">
      <svg class="state-picture" viewBox="0 0 48 48" aria-hidden="true">
        <rect x="8" y="12" width="32" height="24" rx="4" />
        <path d="M8 20h32M14 28h12" />
      </svg>
      <p class="state-title">{title}</p>
      <div class="state-text">{children}</div>
    </div>
  )
}

/** Something that is loaded: its view once it is there; before that a word, or what went wrong with a way on. */
export function Loaded<T>(props: {
  readonly resource: Resource<T>
  readonly children: (value: () => T) => Child
}): Child {
  const { value, error, reload } = props.resource
  return (
    <Show
      when={() => value.value !== undefined}
      fallback={() => (
        <Show when={error} fallback={() => <p class="state-text loading">Loading…</p>}>
          {(problem) => <Failure problem={problem} onRetry={reload} />}
        </Show>
      )}
    >
      {() => props.children(() => value.value as T)}
    </Show>
  )
}

export function Failure(props: {
  readonly problem: () => unknown
  readonly onRetry?: () => unknown
}): Child {
  const { problem, onRetry } = props
  return (
    <div class="state failed">
      <p class="state-title">This could not be loaded</p>
      <p class="state-text" role="alert">
        {() => messageOf(problem())}
      </p>
      {onRetry === undefined ? undefined : (
        <p>
          <button type="button" class="quiet" onClick={onRetry}>
            Try again
          </button>{' '}
          <span class="soft">The page tries again by itself.</span>
        </p>
      )}
    </div>
  )
}

/** For pages that could not be opened, and addresses that no page has. When the server is back it tries again. */
export function FailureView(props: PageFailure & { readonly live: LiveManager }): Child {
  const { error, retry, live } = props
  const isUnknown = error instanceof Error && 'code' in error && error.code === 'PAGE_NOT_FOUND'
  if (!isUnknown) ever(live.opened, () => void retry())
  return (
    <main class="page">
      <header class="page-head">
        <h1>{isUnknown ? 'There is no such page' : 'This page could not be opened'}</h1>
      </header>
      <div class="state failed">
        <p class="state-text" role="alert">
          {isUnknown
            ? 'The address may be an old one. Every page is in the sidebar.'
            : reasonOf(error)}
        </p>
        {isUnknown ? undefined : (
          <button type="button" class="quiet" onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </main>
  )
}

/** Browsers say it of each module in words of their own. */
function reasonOf(error: unknown): string {
  return error instanceof TypeError && /import|module/i.test(error.message)
    ? 'The server does not answer, so the page could not be loaded. It is opened when the server is back.'
    : messageOf(error)
}
