/** Model: the entities and their relations, what a change of them does, and their rows. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { LiveManager } from '../../server/live-manager.ts'
import { entitiesRoute, migrationsRoute, modelRoute, planRoute, rowsRoute } from './model-routes.ts'

export const modelPanel: Panel = {
  name: 'Model',
  icon: 'M4 5h6v5H4zM14 14h6v5h-6zM7 10v6.5h7',
  entries: [
    { label: 'Entities', href: modelRoute.href() },
    { label: 'Rows', href: entitiesRoute.href() },
    { label: 'Plan', href: planRoute.href() },
    { label: 'Migrations', href: migrationsRoute.href() },
  ],
  badge: (scope) => {
    const { plan } = scope.find(LiveManager)
    const changes = () => (plan.value?.status === 'ready' ? plan.value.plan.changes.length : 0)
    return { text: () => (changes() === 0 ? '' : String(changes())), meaning: 'planned changes' }
  },
  pages: [
    lazyPage(modelRoute, () => import('./model-page.tsx').then((m) => m.modelPage)),
    lazyPage(planRoute, () => import('./plan-page.tsx').then((m) => m.planPage)),
    lazyPage(migrationsRoute, () => import('./migrations-page.tsx').then((m) => m.migrationsPage)),
    lazyPage(rowsRoute, () => import('./rows-page.tsx').then((m) => m.rowsPage)),
    lazyPage(entitiesRoute, () => import('./counts-page.tsx').then((m) => m.countsPage)),
  ],
}
