/** @jsxImportSource @typestead/screens */
/** The journal at a glance: what waits in each queue, who works, who holds which lease, what is scheduled. */
import { page } from '@typestead/screens'
import { type Child, DataTable, type TableColumn } from '@typestead/screens/dom'
import { count, moment } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty } from '../../page-frame/states.tsx'
import { ServerManager } from '../../server/server-manager.ts'
import { JournalManager } from './journal-manager.ts'
import { journalPanel } from './journal-panel.ts'
import { deadRoute, queuesRoute, workRoute } from './journal-routes.ts'
import type { LeaseRow, Overview, ProcessRow, QueueCounts, ScheduleRow } from './journal-rows.ts'
import { WithJournal } from './with-journal.tsx'
import './journal.css'

const queueColumns: readonly TableColumn<QueueCounts>[] = [
  {
    name: 'queue',
    label: 'Queue',
    render: (row) => (
      <a href={() => workRoute.href({}, { queue: row.value.queue })}>{() => row.value.queue}</a>
    ),
  },
  { name: 'waiting', label: 'Waiting', align: 'end', show: ({ waiting }) => count(waiting) },
  { name: 'running', label: 'Running', align: 'end', show: ({ running }) => count(running) },
  {
    name: 'dead',
    label: 'Dead',
    align: 'end',
    render: (row) => (
      <a
        class={() => (row.value.dead > 0 ? 'some-dead' : 'soft')}
        href={() => deadRoute.href({}, { queue: row.value.queue })}
      >
        {() => count(row.value.dead)}
      </a>
    ),
  },
]

const processColumns: readonly TableColumn<ProcessRow>[] = [
  { name: 'pid', label: 'Process', show: ({ pid, host }) => `${pid} on ${host}` },
  { name: 'started', label: 'Since', show: ({ started }) => moment(started) },
  { name: 'claims', label: 'Tasks', align: 'end', show: ({ claims }) => count(claims) },
]

const leaseColumns: readonly TableColumn<LeaseRow>[] = [
  { name: 'key', label: 'Lease', show: ({ key }) => key },
  { name: 'owner', label: 'Owner', show: ({ owner }) => owner },
  { name: 'token', label: 'Token', align: 'end', show: ({ token }) => count(token) },
  { name: 'expires', label: 'Until', show: ({ expires }) => moment(expires) },
]

const scheduleColumns: readonly TableColumn<ScheduleRow>[] = [
  { name: 'name', label: 'Schedule', show: ({ name }) => name },
  { name: 'cron', label: 'Cron', show: ({ cron, zone }) => `${cron} ${zone}` },
  { name: 'queue', label: 'Queue', show: ({ queue }) => queue },
  { name: 'next', label: 'Next', show: ({ next }) => moment(next) },
]

export const queuesPage = page({
  route: queuesRoute,
  title: 'Journal',
  controller: JournalManager,
  bindings: (s) => s.lazyPut(JournalManager, (s) => new JournalManager(s.find(ServerManager))),
  view: ({ c }) => (
    <PageFrame title="Journal" entries={journalPanel.entries} at={queuesRoute.href()}>
      <WithJournal c={c}>{(overview) => <Tables overview={overview} />}</WithJournal>
    </PageFrame>
  ),
})

function Tables({ overview }: { readonly overview: () => Overview }): Child {
  return (
    <div class="journal">
      <dl class="figures">
        {(['waiting', 'running', 'dead'] as const).map((what) => (
          <div>
            <dt>{{ waiting: 'Waiting', running: 'Running', dead: 'Dead letters' }[what]}</dt>
            <dd>{() => count(overview().queues.reduce((sum, queue) => sum + queue[what], 0))}</dd>
          </div>
        ))}
      </dl>
      <Part title="Queues">
        <DataTable
          rows={() => overview().queues}
          key={({ queue }) => queue}
          columns={queueColumns}
          label="Queues; a link leads to what is in each"
          empty={() => <Empty title="Nothing waits and nothing was given up" />}
        />
      </Part>
      <Part title="Processes">
        <DataTable
          rows={() => overview().processes}
          key={({ id }) => id}
          columns={processColumns}
          label="Processes that take work"
          empty={() => <Empty title="No process has taken work yet" />}
        />
      </Part>
      <Part title="Leases">
        <DataTable
          rows={() => overview().leases ?? []}
          key={({ key }) => key}
          columns={leaseColumns}
          label="Leases that are held"
          empty={() => <Empty title="No lease is held" />}
        />
      </Part>
      <Part title="Schedules">
        <DataTable
          rows={() => overview().schedules ?? []}
          key={({ name }) => name}
          columns={scheduleColumns}
          label="Schedules"
          empty={() => <Empty title="Nothing is scheduled" />}
        />
      </Part>
    </div>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: Child }): Child {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  )
}
