/** Journal: what is still to be done, what was given up, and who does it. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { deadRoute, queuesRoute, workRoute } from './journal-routes.ts'

export const journalPanel: Panel = {
  name: 'Journal',
  icon: 'M5 3h12l3 3v15H5zM9 9h7M9 13h7M9 17h4',
  entries: [
    { label: 'Queues', href: queuesRoute.href() },
    { label: 'Messages and jobs', href: workRoute.href() },
    { label: 'Dead letters', href: deadRoute.href() },
  ],
  pages: [
    lazyPage(queuesRoute, () => import('./queues-page.tsx').then((m) => m.queuesPage)),
    lazyPage(workRoute, () => import('./work-page.tsx').then((m) => m.workPage)),
    lazyPage(deadRoute, () => import('./dead-page.tsx').then((m) => m.deadPage)),
  ],
}
