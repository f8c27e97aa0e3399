/** Shows the router's pages in an element: one view at a time, made before the one before it goes. */
import { reaction } from '../cell.ts'
import { Owner } from '../owner.ts'
import type { PageFailure } from '../page.ts'
import { untracked } from '../reactive-graph.ts'
import type { PageHost } from '../router.ts'
import { arrivals } from './arrival.ts'
import type { Child } from './child.ts'
import { element } from './element.ts'
import { mount } from './mount.ts'

export type FailureView = (failure: PageFailure) => Child

export interface DomPageHost extends PageHost<Child> {
  /** Takes away what is shown. */
  clear(): void
}

/** `app` takes the errors of failure views. */
export function domPageHost(root: Element, failureView: FailureView, app: Owner): DomPageHost {
  const { arrive, arriveAtFailure, close } = arrivals(root)
  let shown: Disposable | undefined
  const replace = (owner: Owner, view: () => Child) => {
    // The new view is made before the old one goes: if it throws, nothing flickers.
    const made = untracked(() => mount(root, view, owner))
    shown?.[Symbol.dispose]()
    shown = made
  }
  return {
    show({ definition, props, scope }) {
      const { title, view } = definition
      replace(new Owner(scope.owner), () => {
        const child = view(props)
        // Belongs to the view: a page that is closing writes no title.
        reaction(() => {
          document.title = typeof title === 'function' ? title(props) : title
        })
        return child
      })
      arrive()
    },
    showFailure(failure, definition) {
      const view = definition?.errorView ?? failureView
      replace(app, () => view(failure))
      arriveAtFailure()
    },
    clear() {
      shown?.[Symbol.dispose]()
      shown = undefined
      close()
    },
  }
}

/** What is shown where a page has no error view of its own. */
export function defaultFailureView({ error, retry }: PageFailure): Child {
  return element('main', {
    class: 'page-failure',
    children: [
      element('h1', { children: 'This page could not be shown' }),
      element('p', {
        role: 'alert',
        children: error instanceof Error ? error.message : String(error),
      }),
      element('button', { type: 'button', onClick: retry, children: 'Try again' }),
    ],
  })
}
