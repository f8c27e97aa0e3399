/** @jsxImportSource @typestead/screens */
/** Messages that are not delivered yet and jobs under way; of each, what it carries, its last failure, its recorded steps. */
import { computed, page, type Resource } from '@typestead/screens'
import { type Child, Show, type TableColumn } from '@typestead/screens/dom'
import { count, moment, plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Records } from '../../page-frame/records.tsx'
import { Empty } from '../../page-frame/states.tsx'
import { ServerManager } from '../../server/server-manager.ts'
import { JournalManager } from './journal-manager.ts'
import { journalPanel } from './journal-panel.ts'
import { kinds, workRoute } from './journal-routes.ts'
import { payloadText, type StepRow, type TaskRow } from './journal-rows.ts'
import { QueueChoice } from './queue-choice.tsx'
import { WithJournal } from './with-journal.tsx'
import './journal.css'

const states = {
  due: 'waits',
  later: 'waits for its time',
  running: 'runs',
  waiting: 'waits for a signal',
} as const

const columns: readonly TableColumn<TaskRow>[] = [
  { name: 'created', label: 'Since', show: ({ created }) => moment(created) },
  { name: 'queue', label: 'Queue', show: ({ queue }) => queue },
  { name: 'key', label: 'Key', show: ({ key }) => key ?? '' },
  { name: 'state', label: 'State', show: ({ state }) => states[state] },
  {
    name: 'attempts',
    label: 'Attempts',
    align: 'end',
    show: ({ attempts }) => count(attempts),
  },
  { name: 'error', label: 'Last failure', show: ({ error }) => error ?? '' },
]

export const workPage = page({
  route: workRoute,
  title: 'Messages and jobs · Journal',
  controller: JournalManager,
  bindings: (s) => s.lazyPut(JournalManager, (s) => new JournalManager(s.find(ServerManager))),
  view: ({ c, query, setQuery }) => {
    const tasks = c.tasks(() => query.value)
    const rows = computed(() => tasks.value.value?.rows ?? [])
    const replace = { replace: true }
    return (
      <PageFrame
        title="Messages and jobs"
        entries={journalPanel.entries}
        at={workRoute.href()}
        fills
      >
        <WithJournal c={c}>
          {(overview) => (
            <>
              <search class="filters">
                <label>
                  Show
                  <select
                    value={() => query.value.kind}
                    onChange={(event) =>
                      void setQuery(
                        { kind: kinds.find((kind) => kind === event.currentTarget.value) },
                        replace,
                      )
                    }
                  >
                    <option value="outbox">messages</option>
                    <option value="jobs">jobs</option>
                  </select>
                </label>
                <QueueChoice
                  overview={overview}
                  queue={() => query.value.queue}
                  onChoose={(queue) => void setQuery({ queue }, replace)}
                />
                <output class="soft">
                  {() => plural(rows.value.length, query.value.kind === 'jobs' ? 'job' : 'message')}
                </output>
              </search>
              <Records
                one="Details"
                rows={rows}
                key={({ id }) => id}
                columns={columns}
                label="Oldest first"
                loaded={tasks}
                isFiltered={() => query.value.queue !== ''}
                empty={() => (
                  <Empty title="Nothing waits">
                    What is sent and started shows here until it is done.
                  </Empty>
                )}
                detail={(task) => (
                  <>
                    <dl class="facts">
                      <dt>Id</dt>
                      <dd>
                        <code>{() => task().id}</code>
                      </dd>
                      <dt>Due</dt>
                      <dd>{() => moment(task().due)}</dd>
                    </dl>
                    <Show when={() => task().error}>
                      {(error) => <p class="failed-text">{() => error()}</p>}
                    </Show>
                    <pre class="payload">{() => payloadText(task().payload)}</pre>
                    <Show when={() => query.value.kind === 'jobs'}>
                      {() => <Steps steps={c.steps(() => task().id)} />}
                    </Show>
                  </>
                )}
              />
            </>
          )}
        </WithJournal>
      </PageFrame>
    )
  },
})

function Steps({
  steps,
}: {
  readonly steps: Resource<{ readonly rows: readonly StepRow[] }>
}): Child {
  return (
    <section>
      <h3>Recorded steps</h3>
      <ol class="steps">
        {() =>
          (steps.value.value?.rows ?? []).map(({ name, at, result }) => (
            <li>
              <strong>{name}</strong> <span class="soft">{moment(at)}</span>
              <pre class="payload">{payloadText(result)}</pre>
            </li>
          ))
        }
      </ol>
    </section>
  )
}
