/** Shows the router's pages in an element: one view at a time, made before the one before it goes. */
import { reaction } from '../cell.ts'
import { Owner, runOwned } from '../owner.ts'
import type { PageDefinition, PageFailure } from '../page.ts'
import { untracked } from '../reactive-graph.ts'
import type { OpenPage, PageHost } from '../router.ts'
import { Arrival } from './arrival.ts'
import type { Child } from './child.ts'
import { element } from './element.ts'
import { mount } from './mount.ts'

export type FailureView = (failure: PageFailure) => Child

export class DomPageHost implements PageHost<Child> {
  readonly #root: Element
  readonly #failureView: FailureView
  readonly #owner: Owner
  readonly #arrival: Arrival
  #view: Disposable | undefined

  /** `owner` takes the errors of failure views. */
  constructor(root: Element, failureView: FailureView, owner: Owner) {
    this.#root = root
    this.#arrival = new Arrival(root)
    this.#owner = owner
    this.#failureView = failureView
  }

  show({ definition, props, scope }: OpenPage<Child>): void {
    const owner = runOwned(scope.owner, () => new Owner())
    const { title, view } = definition
    this.#replace(owner, () => {
      const child = view(props)
      // Belongs to the view: a page that is closing writes no title.
      reaction(() => {
        document.title = typeof title === 'function' ? title(props) : title
      })
      return child
    })
    this.#arrival.arrive(document.title)
  }

  showFailure(failure: PageFailure, definition: PageDefinition<Child> | undefined): void {
    const view = definition?.errorView ?? this.#failureView
    this.#replace(this.#owner, () => view(failure))
    this.#arrival.arriveAtFailure()
  }

  /** Takes away what is shown. */
  clear(): void {
    this.#view?.[Symbol.dispose]()
    this.#view = undefined
    this.#arrival.close()
  }

  #replace(owner: Owner, view: () => Child): void {
    // The new view is made before the old one goes: if it throws, nothing flickers.
    const made = untracked(() => mount(this.#root, view, owner))
    this.#view?.[Symbol.dispose]()
    this.#view = made
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
