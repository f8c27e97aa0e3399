/** Operations: how the app runs. Health, measures, the log, requests with what they did. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { logsRoute, overviewRoute, tracesRoute } from './operations-routes.ts'

export const operationsPanel: Panel = {
  name: 'Operations',
  icon: 'M3 12h4l3 7 4-14 3 7h4',
  entries: [
    { label: 'Overview', href: overviewRoute.href() },
    { label: 'Log', href: logsRoute.href() },
    { label: 'Requests', href: tracesRoute.href() },
  ],
  pages: [
    lazyPage(overviewRoute, () => import('./overview-page.tsx').then((m) => m.overviewPage)),
    lazyPage(logsRoute, () => import('./logs-page.tsx').then((m) => m.logsPage)),
    lazyPage(tracesRoute, () => import('./traces-page.tsx').then((m) => m.tracesPage)),
  ],
}
