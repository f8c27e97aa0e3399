/** Conversations: what is being said to the app's bots, now and before. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { askingBadge } from './asking-badge.ts'
import { conversationsRoute } from './conversation-routes.ts'

export const conversationsPanel: Panel = {
  name: 'Conversations',
  icon: 'M4 5h11v8H9l-3 3v-3H4zM17 9h3v8h-2v3l-3-3h-5v-2',
  entries: [{ label: 'Conversations', href: conversationsRoute.href() }],
  badge: askingBadge,
  pages: [
    lazyPage(conversationsRoute, () =>
      import('./conversations-page.tsx').then((m) => m.conversationsPage),
    ),
  ],
}
