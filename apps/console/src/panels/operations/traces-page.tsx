/** @jsxImportSource @typestead/screens */
/** The latest requests of the application; of each, what it asked of the store and how long that took. */
import { page } from '@typestead/screens'
import type { Child, TableColumn } from '@typestead/screens/dom'
import { clock, milliseconds, plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Records } from '../../page-frame/records.tsx'
import { Empty } from '../../page-frame/states.tsx'
import type { Numbered, Trace } from '../../server/activity.ts'
import { LiveManager } from '../../server/live-manager.ts'
import { OperationsManager } from './operations-manager.ts'
import { operationsPanel } from './operations-panel.ts'
import { tracesRoute } from './operations-routes.ts'
import { SpanPicture } from './span-picture.tsx'

const columns: readonly TableColumn<Numbered<Trace>>[] = [
  { name: 'time', label: 'Time', show: ({ value }) => clock(value.time) },
  { name: 'method', label: 'Method', show: ({ value }) => value.method },
  { name: 'route', label: 'Route', show: ({ value }) => value.route },
  {
    name: 'status',
    label: 'Status',
    render: (row) => (
      <span class={() => `status s${Math.floor(row.value.value.status / 100)}`}>
        {() => row.value.value.status}
      </span>
    ),
  },
  { name: 'spans', label: 'Store', align: 'end', show: ({ value }) => String(value.spans.length) },
  { name: 'ms', label: 'Took', align: 'end', show: ({ value }) => milliseconds(value.ms) },
]

export const tracesPage = page({
  route: tracesRoute,
  title: 'Requests · Operations',
  controller: OperationsManager,
  bindings: (s) => s.lazyPut(OperationsManager, (s) => new OperationsManager(s.find(LiveManager))),
  view: ({ c, query, setQuery }) => {
    const traces = c.traces(query)
    const change = { replace: true }
    return (
      <PageFrame title="Requests" entries={operationsPanel.entries} at={tracesRoute.href()} fills>
        <search class="filters">
          <label>
            Answers
            <select
              value={() => query.value.status}
              onChange={(event) =>
                void setQuery(
                  { status: event.currentTarget.value === 'failed' ? 'failed' : 'all' },
                  change,
                )
              }
            >
              <option value="all">all</option>
              <option value="failed">refused or failed</option>
            </select>
          </label>
          <label>
            Slower than
            <select
              value={() => String(query.value.slower)}
              onChange={(event) =>
                void setQuery({ slower: Number(event.currentTarget.value) }, change)
              }
            >
              {[0, 10, 50, 200, 1000].map((ms) => (
                <option value={String(ms)}>{ms === 0 ? 'any' : `${ms} ms`}</option>
              ))}
            </select>
          </label>
          <label class="grow">
            Text
            <input
              type="search"
              value={() => query.value.text}
              placeholder="a route, a status, a request id, an entity"
              onInput={(event) => void setQuery({ text: event.currentTarget.value }, change)}
            />
          </label>
          <output class="soft">{() => plural(traces.value.length, 'request')}</output>
        </search>
        <Records
          one="Request"
          rows={traces}
          key={({ id }) => id}
          columns={columns}
          label="Requests, newest first"
          rowHeight={32}
          isFiltered={() => c.live.traces.value.length > 0}
          empty={() => (
            <Empty title="No request yet">
              Open the application, or run a query on the API page: each request shows here with
              what it did.
            </Empty>
          )}
          detail={(row) => <Request trace={() => row().value} />}
        />
      </PageFrame>
    )
  },
})

function Request({ trace }: { readonly trace: () => Trace }): Child {
  return (
    <>
      <p class="detail-lead">
        <strong>{() => `${trace().method} ${trace().route}`}</strong>{' '}
        <span class="soft">
          {() => `answered ${trace().status} after ${milliseconds(trace().ms)}`}
        </span>
      </p>
      {() => <SpanPicture trace={trace()} />}
      <dl class="facts">
        <dt>Request id</dt>
        <dd>
          <code>{() => trace().requestId}</code>
        </dd>
      </dl>
      <p>
        <a href={() => `/operations/log?text=${trace().requestId}`}>Its entries in the log</a>
      </p>
    </>
  )
}
