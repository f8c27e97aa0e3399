/** Starts the ticker. In development the rebuild counter shows how little each flush changes. */
import { type Scope, Supervisor } from '@typestead/screens'
import { mountApp } from '@typestead/screens/dom'
import { TickerManager } from './ticker-manager.ts'
import { tickerPage } from './ticker-page.tsx'

class AppSupervisor extends Supervisor {
  register(scope: Scope): void {
    scope.lazyPut(TickerManager, () => new TickerManager())
  }
}

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no element #root')
await mountApp({ supervisor: new AppSupervisor(), pages: [tickerPage], root })

if (import.meta.env.DEV) {
  const { rebuildCounter } = await import('@typestead/screens/devtools')
  rebuildCounter({ outlineMs: 100 })
}
