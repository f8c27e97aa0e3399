/** @jsxImportSource @typestead/screens */
/** The rows of an entity: filtered, ordered, by keyset pages; each can be changed in a form that follows the class. */
import { type Cell, cell, computed, ever, page, reaction } from '@typestead/screens'
import { type Child, DataTable, type TableSort } from '@typestead/screens/dom'
import { columnsOf } from '@typestead/screens/forms'
import { plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { type EntityShape, keyText, labelField, type Row } from './entities.ts'
import { modelPanel } from './model-panel.ts'
import { entitiesRoute, rowsRoute } from './model-routes.ts'
import { RowFilterView } from './row-filter-view.tsx'
import { CreateView, RowView } from './row-view.tsx'
import { RowsController } from './rows-controller.ts'
import './model.css'

export const rowsPage = page({
  route: rowsRoute,
  title: ({ params }) => `${params.entity} · Rows`,
  controller: RowsController,
  bindings: (s, at) =>
    s.lazyPut(
      RowsController,
      (s) => new RowsController(s.find(ServerManager), s.find(LiveManager), at.params.entity),
    ),
  view: ({ c, query, setQuery }) => {
    c.follow(query)
    const replace = { replace: true }
    const open = (key: string | undefined) =>
      void setQuery({ row: key, create: undefined }, replace)
    const active = cell<string | undefined>(query.peek().row)
    const sort = followSort(
      () => query.value.order,
      (order) => void setQuery({ order }, replace),
    )
    const openActive = () => open(active.peek())
    // Only these open another form; other changes of the address must not close one that is being filled in.
    const shown = computed<Opened>(() => ({ create: query.value.create, row: query.value.row }), {
      equals: (a, b) => a.create === b.create && a.row === b.row,
    })
    const rowsOf = (entity: EntityShape): Child => (
      <>
        <RowFilterView
          entity={entity}
          query={query}
          change={(changes) => void setQuery(changes, replace)}
          count={() => (c.total.value === undefined ? '' : plural(c.total.value, 'row'))}
        />
        <div class="split rows">
          <div
            class="split-list"
            ref={(around) => {
              around.addEventListener('click', (event) => {
                const { target } = event
                if (target instanceof Element && target.closest('tbody tr') !== null) openActive()
              })
              c.onAsked(() => {
                const table = around.querySelector('.data-table')
                if (table !== null) table.scrollTop = 0
              })
              // Scroll events do not bubble.
              around.addEventListener('scroll', (event) => nearEnd(event, c.more), true)
            }}
          >
            <RowsTable c={c} entity={entity} active={active} sort={sort} onOpen={openActive} />
          </div>
          {() => {
            const { row, create } = shown.value
            if (create) {
              return (
                <CreateView
                  c={c}
                  entity={entity}
                  onCreated={open}
                  onClose={() => open(undefined)}
                />
              )
            }
            return row === undefined ? undefined : (
              <RowView c={c} entity={entity} rowKey={row} onClose={() => open(undefined)} />
            )
          }}
        </div>
      </>
    )
    return (
      <PageFrame
        title={c.name}
        entries={modelPanel.entries}
        at={entitiesRoute.href()}
        fills
        actions={
          <>
            <button
              type="button"
              class="quiet"
              hidden={() => c.elsewhere.value === 0}
              onClick={c.retry}
            >
              {() => `Show ${plural(c.elsewhere.value, 'new row')}`}
            </button>
            <button
              type="button"
              class="primary"
              onClick={() => void setQuery({ create: true, row: undefined }, replace)}
            >
              New row
            </button>
          </>
        }
      >
        <Loaded resource={c.model}>
          {() => (
            <>
              {() => {
                // Another class has other columns and another form.
                const entity = c.entity.value
                return entity === undefined ? (
                  <Empty title={`The model has no entity ${c.name}`}>
                    <a href={entitiesRoute.href()}>All entities</a>
                  </Empty>
                ) : (
                  rowsOf(entity)
                )
              }}
            </>
          )}
        </Loaded>
      </PageFrame>
    )
  },
})

interface Opened {
  readonly create: boolean
  readonly row: string | undefined
}

interface RowsTableProps {
  readonly c: RowsController
  readonly entity: EntityShape
  readonly active: Cell<string | undefined>
  readonly sort: Cell<TableSort | undefined>
  readonly onOpen: () => void
}

function RowsTable({ c, entity, active, sort, onOpen }: RowsTableProps): Child {
  const label = labelField(entity)
  // What rows are called stands first, keys that say nothing to people last.
  const place = (name: string) => (name === label ? 0 : entity.key.includes(name) ? 2 : 1)
  const inOrder = [...columnsOf(entity)].sort((a, b) => place(a.name) - place(b.name))
  const columns = inOrder.map(({ render: _values, show, ...column }) => ({
    ...column,
    // Links are not ordered by what they are called, so not at all.
    show: (row: Row) => row.links[column.name] ?? show?.(row.values) ?? '',
  }))
  return (
    <DataTable
      rows={c.rows}
      key={({ key }) => keyText(key)}
      columns={columns}
      label={`Rows of ${entity.name}`}
      rowHeight={32}
      active={active}
      sort={sort}
      loading={c.loading}
      failure={c.problem}
      onRetry={c.retry}
      onOpen={onOpen}
      class="fill"
      empty={() => (
        <Empty title="No row here">
          There is none that fits, or none yet: “New row” makes one, and the config’s{' '}
          <code>seed</code> fills an empty database.
        </Empty>
      )}
    />
  )
}

/** The header's sort and the address, each following the other. */
function followSort(
  order: () => string | undefined,
  set: (order: string | undefined) => void,
): Cell<TableSort | undefined> {
  const read = (text: string | undefined): TableSort | undefined =>
    text === undefined
      ? undefined
      : { column: text.replace(/^-/, ''), descending: text.startsWith('-') }
  const sort = cell<TableSort | undefined>(undefined, {
    equals: (a, b) => a?.column === b?.column && a?.descending === b?.descending,
  })
  reaction(() => sort.set(read(order())))
  const written = computed(() => {
    const now = sort.value
    return now === undefined ? undefined : `${now.descending ? '-' : ''}${now.column}`
  })
  ever(written, set)
  return sort
}

function nearEnd({ target }: Event, more: () => unknown): void {
  if (!(target instanceof HTMLElement)) return
  if (target.scrollHeight - target.clientHeight - target.scrollTop < 600) void more()
}
