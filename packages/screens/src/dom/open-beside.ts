/** More screens beside the page of the address, each in an element and a scope of its own. */
import { cell } from '../cell.ts'
import { ScreensError } from '../errors.ts'
import type { App } from '../mount-app.ts'
import type { Page } from '../page.ts'
import { openPage } from '../router.ts'
import type { Child } from './child.ts'
import { mount } from './mount.ts'

/** Opens a page in `root` as if the address were `href`; disposing closes it, as closing the app does. */
export async function openBeside(
  { scope: app, router }: App,
  page: Page<Child>,
  root: Element,
  href: string,
): Promise<AsyncDisposable> {
  const address = new URL(href, router.address.peek())
  const match = page.route.match(address)
  if (match === undefined) {
    throw new ScreensError('ROUTE_PARAMETER', `${href} is no address of ${page.route.pattern}`)
  }
  const definition = await page.load()
  const scope = app.child(`page ${page.route.pattern}, beside`)
  try {
    const { props } = openPage(
      definition,
      scope,
      match,
      cell(match.query),
      address,
      router.navigate,
    )
    await scope.ready()
    const view = mount(root, () => definition.view(props), scope.owner)
    scope.own(() => view[Symbol.dispose]())
    scope.shown()
    return scope
  } catch (error) {
    await scope.close()
    throw error
  }
}
