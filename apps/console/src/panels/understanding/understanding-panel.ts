/** Understanding: what the app's models make of sentences, and how good they are at their own examples. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { examplesRoute, tryRoute } from './understanding-routes.ts'

export const understandingPanel: Panel = {
  name: 'Understanding',
  icon: 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5',
  entries: [
    { label: 'Try a sentence', href: tryRoute.href() },
    { label: 'Examples', href: examplesRoute.href() },
  ],
  pages: [
    lazyPage(tryRoute, () => import('./try-page.tsx').then((m) => m.tryPage)),
    lazyPage(examplesRoute, () => import('./examples-page.tsx').then((m) => m.examplesPage)),
  ],
}
