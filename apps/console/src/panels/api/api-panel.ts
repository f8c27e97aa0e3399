/** API: try it, read its schema, see how its operations are answered. */
import { lazyPage } from '@typestead/screens'
import type { Panel } from '../../panel.ts'
import { graphiqlRoute, operationsRoute, schemaRoute } from './api-routes.ts'

export const apiPanel: Panel = {
  name: 'API',
  icon: 'M9 6l-6 6 6 6M15 6l6 6-6 6',
  entries: [
    { label: 'GraphiQL', href: graphiqlRoute.href() },
    { label: 'Schema', href: schemaRoute.href() },
    { label: 'Live operations', href: operationsRoute.href() },
  ],
  pages: [
    lazyPage(graphiqlRoute, () => import('./graphiql-page.tsx').then((m) => m.graphiqlPage)),
    lazyPage(schemaRoute, () => import('./schema-page.tsx').then((m) => m.schemaPage)),
    lazyPage(operationsRoute, () => import('./operations-page.tsx').then((m) => m.operationsPage)),
  ],
}
