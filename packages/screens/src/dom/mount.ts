/** One view in one element, without pages: `using view = mount(root, () => <Counter />)`. */
import { getOwner, Owner, runOwned } from '../owner.ts'
import { append, type Child, removeBetween } from './child.ts'

/** Shows the view at the end of `parent`; disposing removes it and closes what it created. */
export function mount(parent: Element, view: () => Child, owner = getOwner()): Disposable {
  const own = new Owner(owner)
  const content = document.createDocumentFragment()
  try {
    runOwned(own, () => append(content, view()))
  } catch (error) {
    own.dispose()
    throw error
  }
  const begin = document.createTextNode('')
  const end = document.createTextNode('')
  content.prepend(begin)
  content.append(end)
  parent.append(content)
  return {
    [Symbol.dispose]() {
      own.dispose()
      removeBetween(begin, end)
      begin.remove()
      end.remove()
    },
  }
}
