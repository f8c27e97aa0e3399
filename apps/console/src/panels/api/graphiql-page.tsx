/** @jsxImportSource @typestead/screens */
/** GraphiQL as an island: a frame of this origin, loaded when the page is opened and gone when it is left. */
import { page } from '@typestead/screens'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { apiPanel } from './api-panel.ts'
import { graphiqlRoute } from './api-routes.ts'
import { GraphiqlManager } from './graphiql-manager.ts'
import './api.css'

export const graphiqlPage = page({
  route: graphiqlRoute,
  title: 'API',
  controller: GraphiqlManager,
  bindings: (s) =>
    s.lazyPut(
      GraphiqlManager,
      (s) => new GraphiqlManager(s.find(ServerManager), s.find(LiveManager)),
    ),
  view: ({ c }) => (
    <PageFrame
      title="API"
      entries={apiPanel.entries}
      at={graphiqlRoute.href()}
      fills
      actions={<span class="soft">You ask as one who is not signed in.</span>}
    >
      <Loaded resource={c.there}>
        {(there) =>
          there() ? (
            <iframe class="graphiql" title="GraphiQL" src="/_typestead/graphql/graphiql" />
          ) : (
            <Empty title="There is no API to try">
              Give the config an <code>api: (db) =&gt; graphql(db, {'{ expose: […] }'})</code> of{' '}
              <code>@typestead/graphql</code>. In production GraphiQL also needs{' '}
              <code>graphiqlInProduction: true</code>.
            </Empty>
          )
        }
      </Loaded>
    </PageFrame>
  ),
})
