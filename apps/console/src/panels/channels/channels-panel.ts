/** Channels: the goroutines of the process and what flows between them. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { channelsRoute } from './channels-routes.ts'

export const channelsPanel: Panel = {
  name: 'Channels',
  icon: 'M4 8h10m0 0-3-3m3 3-3 3M20 16H10m0 0 3-3m-3 3 3 3',
  entries: [{ label: 'Channels', href: channelsRoute.href() }],
  pages: [lazyPage(channelsRoute, () => import('./channels-page.tsx').then((m) => m.channelsPage))],
}
