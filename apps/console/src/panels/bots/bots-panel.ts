/** Bots: what they are made of, their versions, and a chat to try them. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { botRoute, botsRoute } from './bots-routes.ts'

export const botsPanel: Panel = {
  name: 'Bots',
  icon: 'M6 9h12v9H6zM12 5v4M9 13h.01M15 13h.01M4 12v3M20 12v3',
  entries: [{ label: 'Bots', href: botsRoute.href() }],
  pages: [
    lazyPage(botsRoute, () => import('./bots-page.tsx').then((m) => m.botsPage)),
    lazyPage(botRoute, () => import('./bot-page.tsx').then((m) => m.botPage)),
  ],
}
