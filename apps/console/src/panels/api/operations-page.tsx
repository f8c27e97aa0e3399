/** @jsxImportSource @typestead/screens */
/** The latest operations of the API as they come: how each was answered, by which statement, how long it took. */
import { page } from '@typestead/screens'
import type { Child, TableColumn } from '@typestead/screens/dom'
import { clock, count, milliseconds, plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Records } from '../../page-frame/records.tsx'
import { Empty } from '../../page-frame/states.tsx'
import type { Numbered, Operation } from '../../server/activity.ts'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { ApiManager } from './api-manager.ts'
import { apiPanel } from './api-panel.ts'
import { operationsRoute, planKinds } from './api-routes.ts'
import { statementLines } from './statement-lines.ts'
import './api.css'

const kinds: Readonly<
  Record<Operation['kind'], { readonly label: string; readonly means: string }>
> = {
  text: { label: 'one statement', means: 'The database wrote the whole answer in one statement.' },
  holes: {
    label: 'one statement, filled',
    means: 'The database wrote the answer; functions of columns were filled in.',
  },
  general: { label: 'general', means: 'graphql-js ran it, with one query for each relation.' },
}

const columns: readonly TableColumn<Numbered<Operation>>[] = [
  { name: 'at', label: 'Time', show: ({ value }) => clock(value.at) },
  { name: 'operation', label: 'Operation', show: ({ value }) => value.operation },
  {
    name: 'kind',
    label: 'Plan',
    render: (row) => (
      <span class={() => (row.value.value.kind === 'general' ? 'tag warn' : 'tag good')}>
        {() => kinds[row.value.value.kind].label}
      </span>
    ),
  },
  {
    name: 'length',
    label: 'Answer',
    align: 'end',
    show: ({ value }) => (value.length === undefined ? '–' : `${count(value.length)} ch`),
  },
  {
    name: 'rows',
    label: 'Rows',
    align: 'end',
    show: ({ value }) => (value.rows === undefined ? '–' : count(value.rows)),
  },
  {
    name: 'took',
    label: 'Took',
    align: 'end',
    show: ({ value }) => milliseconds(value.milliseconds),
  },
]

export const operationsPage = page({
  route: operationsRoute,
  title: 'Live operations · API',
  controller: ApiManager,
  bindings: (s) =>
    s.lazyPut(ApiManager, (s) => new ApiManager(s.find(ServerManager), s.find(LiveManager))),
  view: ({ c, query, setQuery }) => {
    const operations = c.operations(query)
    return (
      <PageFrame
        title="Live operations"
        entries={apiPanel.entries}
        at={operationsRoute.href()}
        fills
      >
        <search class="filters">
          <label>
            Plan
            <select
              value={() => query.value.plan}
              onChange={(event) => {
                const plan = planKinds.find((one) => one === event.currentTarget.value) ?? 'all'
                void setQuery({ plan }, { replace: true })
              }}
            >
              <option value="all">all</option>
              {planKinds.map((kind) => (
                <option value={kind}>{kinds[kind].label}</option>
              ))}
            </select>
          </label>
          <label class="grow">
            Text
            <input
              type="search"
              value={() => query.value.text}
              placeholder="an operation, a table, a reason"
              onInput={(event) =>
                void setQuery({ text: event.currentTarget.value }, { replace: true })
              }
            />
          </label>
          <output class="soft">{() => plural(operations.value.length, 'operation')}</output>
        </search>
        <Records
          one="Operation"
          rows={operations}
          key={({ id }) => id}
          columns={columns}
          label="Operations, newest first"
          rowHeight={32}
          isFiltered={() => c.live.operations.value.length > 0}
          empty={() => (
            <Empty title="No operation yet">
              Ask something in <a href="/api">GraphiQL</a> or from the application: each operation
              shows here with its plan.
            </Empty>
          )}
          detail={(row) => <OperationDetail operation={() => row().value} />}
        />
      </PageFrame>
    )
  },
})

function OperationDetail({ operation }: { readonly operation: () => Operation }): Child {
  return (
    <>
      <p class="detail-lead">
        <strong>{() => operation().operation}</strong>
      </p>
      <p class="soft">{() => kinds[operation().kind].means}</p>
      <p>{() => (operation().reason === undefined ? '' : `Why: ${operation().reason}.`)}</p>
      <dl class="facts">
        <dt>Took</dt>
        <dd>{() => milliseconds(operation().milliseconds)}</dd>
        <dt>Rows</dt>
        <dd>
          {() => {
            const { rows } = operation()
            return rows === undefined ? 'not counted: nobody looked yet' : count(rows)
          }}
        </dd>
        <dt>Plan</dt>
        <dd>{() => (operation().cached === true ? 'kept from before' : 'compiled for it')}</dd>
      </dl>
      {() => {
        const { sql } = operation()
        return sql === undefined ? undefined : (
          <>
            <h2>Statement, without its values</h2>
            <pre tabindex={0}>{statementLines(sql)}</pre>
          </>
        )
      }}
    </>
  )
}
