/** @jsxImportSource @typestead/screens */
/** Starts the shop. */
import './style/style.css'
import { type App, mount, mountApp, rememberScroll } from '@typestead/screens/dom'
import { Bar } from './frame/bar.tsx'
import { NoticeView } from './frame/notice.tsx'
import { installOffline } from './install.ts'
import { installChat } from './install-chat.ts'
import { AccountManager } from './managers/account-manager.ts'
import { BooksManager } from './managers/books-manager.ts'
import { NoticeManager } from './managers/notice-manager.ts'
import { failureView, pages } from './pages.tsx'
import { ShopSupervisor } from './supervisor.ts'

const app = await mountApp({
  supervisor: new ShopSupervisor(),
  pages,
  root: found('#shop'),
  failureView,
})
rememberScroll(app)
begin(app)
installOffline()
installChat()

/** What no page asks for, but every page has. */
function begin({ scope }: App): void {
  scope.find(AccountManager)
  scope.find(BooksManager)
  found('#bar').replaceChildren()
  mount(found('#bar'), () => <Bar app={app} />, scope.owner)
  mount(found('#notices'), () => <NoticeView notices={scope.find(NoticeManager)} />, scope.owner)
}

function found(selector: string): Element {
  const element = document.querySelector(selector)
  if (element === null) throw new Error(`index.html has no element ${selector}`)
  return element
}
