/** Starts the app. In development the rebuild counter shows what each click changes. */
import { mountApp, rememberScroll } from '@typestead/screens/dom'
import { routePages } from './constants/route-pages.tsx'
import { installOffline } from './install.ts'
import { AppSupervisor } from './supervisor.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no element #root')

const app = await mountApp({ supervisor: new AppSupervisor(), pages: routePages, root })
rememberScroll(app)
installOffline()

if (import.meta.env.DEV) {
  const { rebuildCounter } = await import('@typestead/screens/devtools')
  rebuildCounter()
}
