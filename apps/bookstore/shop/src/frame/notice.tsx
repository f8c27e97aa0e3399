/** @jsxImportSource @typestead/screens */
/** The notice at the foot of the page. */
import { type Child, Show } from '@typestead/screens/dom'
import type { NoticeManager } from '../managers/notice-manager.ts'
import { Icon } from './icons.tsx'

export function NoticeView({ notices }: { readonly notices: NoticeManager }): Child {
  const { notice } = notices
  return (
    <div
      class="notice"
      data-shown={() => (notice.value === undefined ? null : 'yes')}
      ref={(made) => stayWhileUsed(made, notices)}
    >
      <p role="status">{() => notice.value?.text}</p>
      <Show when={() => notice.value?.link}>
        {(link) => <a href={() => link().href}>{() => link().label}</a>}
      </Show>
      <Show when={() => notice.value?.action}>
        {(action) => (
          <button
            type="button"
            onClick={() => {
              action().work()
              notices.dismiss()
            }}
          >
            {() => action().label}
          </button>
        )}
      </Show>
      <Show when={notice}>
        {() => (
          <button
            type="button"
            class="notice-close"
            aria-label="Close this notice"
            onClick={() => notices.dismiss()}
          >
            <Icon name="close" />
          </button>
        )}
      </Show>
    </div>
  )
}

/** Nobody has to hurry who is about to use it. */
function stayWhileUsed(element: HTMLElement, notices: NoticeManager): void {
  for (const type of ['mouseenter', 'focusin']) element.addEventListener(type, () => notices.hold())
  for (const type of ['mouseleave', 'focusout'])
    element.addEventListener(type, () => notices.release())
}
