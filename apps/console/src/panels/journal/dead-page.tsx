/** @jsxImportSource @typestead/screens */
/** What was given up, with the reason; each can be put back into its queue, or thrown away. */
import { cell, computed, page } from '@typestead/screens'
import type { Child, TableColumn } from '@typestead/screens/dom'
import { count, moment, plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Records } from '../../page-frame/records.tsx'
import { Empty } from '../../page-frame/states.tsx'
import { messageOf } from '../../server/server-error.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { JournalManager } from './journal-manager.ts'
import { journalPanel } from './journal-panel.ts'
import { deadRoute } from './journal-routes.ts'
import { type DeadLetter, payloadText } from './journal-rows.ts'
import { QueueChoice } from './queue-choice.tsx'
import { WithJournal } from './with-journal.tsx'
import './journal.css'

const columns: readonly TableColumn<DeadLetter>[] = [
  { name: 'died', label: 'Given up', show: ({ died }) => moment(died) },
  { name: 'kind', label: 'Kind', show: ({ kind }) => kind },
  { name: 'queue', label: 'Queue', show: ({ queue }) => queue },
  { name: 'attempts', label: 'Attempts', align: 'end', show: ({ attempts }) => count(attempts) },
  { name: 'reason', label: 'Reason', show: ({ reason }) => reason },
]

export const deadPage = page({
  route: deadRoute,
  title: 'Dead letters · Journal',
  controller: JournalManager,
  bindings: (s) => s.lazyPut(JournalManager, (s) => new JournalManager(s.find(ServerManager))),
  view: ({ c, query, setQuery }) => {
    const letters = c.deadLetters(() => query.value)
    const rows = computed(() => letters.value.value?.rows ?? [])
    return (
      <PageFrame title="Dead letters" entries={journalPanel.entries} at={deadRoute.href()} fills>
        <WithJournal c={c}>
          {(overview) => (
            <>
              <search class="filters">
                <QueueChoice
                  overview={overview}
                  queue={() => query.value.queue}
                  onChoose={(queue) => void setQuery({ queue }, { replace: true })}
                />
                <output class="soft">{() => plural(rows.value.length, 'dead letter')}</output>
              </search>
              <Records
                one="Dead letter"
                rows={rows}
                key={({ id }) => id}
                columns={columns}
                label="Dead letters, oldest first"
                loaded={letters}
                isFiltered={() => query.value.queue !== ''}
                empty={() => (
                  <Empty title="Nothing was given up">
                    A message or job whose last attempt fails comes here with its reason.
                  </Empty>
                )}
                detail={(letter) => <Letter c={c} letter={letter} />}
              />
            </>
          )}
        </WithJournal>
      </PageFrame>
    )
  },
})

function Letter(props: { readonly c: JournalManager; readonly letter: () => DeadLetter }): Child {
  const { c, letter } = props
  const problem = cell('')
  const act = (work: (id: string) => Promise<void>) => async () => {
    problem.set('')
    try {
      await work(letter().id)
    } catch (error) {
      problem.set(messageOf(error))
    }
  }
  return (
    <>
      <p class="failed-text">{() => letter().reason}</p>
      <dl class="facts">
        <dt>Id</dt>
        <dd>
          <code>{() => letter().id}</code>
        </dd>
        <dt>Put in</dt>
        <dd>{() => moment(letter().created)}</dd>
        <dt>Key</dt>
        <dd>{() => letter().key ?? 'none'}</dd>
      </dl>
      <pre class="payload">{() => payloadText(letter().payload)}</pre>
      <p class="row-actions">
        <button type="button" class="primary" onClick={act((id) => c.replay(id))}>
          Put back into its queue
        </button>{' '}
        <button type="button" class="quiet danger" onClick={act((id) => c.discard(id))}>
          Throw away
        </button>
      </p>
      <p role="alert" class="failed-text">
        {() => problem.value}
      </p>
    </>
  )
}
