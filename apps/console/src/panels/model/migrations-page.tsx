/** @jsxImportSource @typestead/screens */
/** Migrations: those that wait, and those that were applied. */
import { page } from '@typestead/screens'
import { plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { ModelManager } from './model-manager.ts'
import { modelPanel } from './model-panel.ts'
import { migrationsRoute, planRoute } from './model-routes.ts'
import './model.css'

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

export const migrationsPage = page({
  route: migrationsRoute,
  title: 'Migrations · Model',
  controller: ModelManager,
  bindings: (s) =>
    s.lazyPut(ModelManager, (s) => new ModelManager(s.find(ServerManager), s.find(LiveManager))),
  view: ({ c }) => {
    const applied = c.migrations()
    const pending = () => {
      const plan = c.live.plan.value
      return plan?.status === 'ready' ? plan.plan.changes : []
    }
    return (
      <PageFrame title="Migrations" entries={modelPanel.entries} at={migrationsRoute.href()}>
        <section class="timeline" aria-labelledby="pending">
          <h2 id="pending">Pending</h2>
          {() =>
            pending().length === 0 ? (
              <p class="soft">Nothing waits: the database is as the classes say.</p>
            ) : (
              <div class="card">
                <p>
                  <strong>{plural(pending().length, 'change waits', 'changes wait')}</strong>{' '}
                  <a href={planRoute.href()}>What they do</a>
                </p>
                <ul class="dashes">
                  {pending().map(({ summary }) => (
                    <li>{summary}</li>
                  ))}
                </ul>
                <p class="soft">
                  <code>typestead db migrate</code> applies them; <code>typestead dev</code> does
                  what loses nothing by itself.
                </p>
              </div>
            )
          }
        </section>
        <section class="timeline" aria-labelledby="applied">
          <h2 id="applied">Applied</h2>
          <Loaded resource={applied}>
            {(all) => (
              <ol>
                {() =>
                  all().length === 0 ? (
                    <li>
                      <Empty title="No migration was applied yet">
                        The first start makes the tables.
                      </Empty>
                    </li>
                  ) : (
                    [...all()].reverse().map(({ appliedAt, summary }) => (
                      <li class="card">
                        <time class="soft" datetime={appliedAt}>
                          {when.format(new Date(appliedAt))}
                        </time>
                        <ul class="dashes">
                          {summary.map((line) => (
                            <li>{line}</li>
                          ))}
                        </ul>
                      </li>
                    ))
                  )
                }
              </ol>
            )}
          </Loaded>
        </section>
      </PageFrame>
    )
  },
})
