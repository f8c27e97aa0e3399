/** @jsxImportSource @typestead/screens */
/** A table that fills its page, with the details of the active row beside it: what the lists of all panels have in common. */
import {
  type Cell,
  cell,
  computed,
  type Readable,
  type Resource,
  toReadable,
} from '@typestead/screens'
import { type Child, DataTable, type TableColumn } from '@typestead/screens/dom'
import { Split } from './split.tsx'
import { Empty } from './states.tsx'

export interface RecordsProps<T, K> {
  readonly rows: Readable<readonly T[]> | (() => readonly T[])
  readonly key: (row: T) => K
  readonly columns: readonly TableColumn<T>[]
  /** Names the table: "Requests, newest first". */
  readonly label: string
  /** Names the details: "Request". */
  readonly one: string
  /** Where the rows are loaded from; absent: they are there as they come. */
  readonly loaded?: Pick<Resource<unknown>, 'value' | 'error' | 'reload'>
  readonly rowHeight?: number
  readonly active?: Cell<K | undefined>
  /** Whether filters leave rows out: then nothing is not "nothing yet". */
  readonly isFiltered?: () => boolean
  /** While there is nothing at all. */
  readonly empty: () => Child
  /** Of the active row; it closes when the row leaves the list. */
  readonly detail?: (row: () => T) => Child
  /** Instead, for details that stay when their row leaves the list. */
  readonly detailOf?: (key: () => K) => Child
}

export function Records<T, K>(props: RecordsProps<T, K>): Child {
  const { key, columns, label, one, loaded, rowHeight, detail, detailOf, isFiltered } = props
  const rows = toReadable(props.rows)
  const active = props.active ?? cell<K | undefined>(undefined)
  const chosen = computed(() => rows.value.find((row) => key(row) === active.value))
  const table = (
    <DataTable
      rows={rows}
      key={key}
      columns={columns}
      label={label}
      active={active}
      class="fill"
      {...(rowHeight === undefined ? {} : { rowHeight })}
      {...(loaded === undefined
        ? {}
        : {
            loading: () => loaded.value.value === undefined && loaded.error.value === undefined,
            failure: loaded.error,
            onRetry: loaded.reload,
          })}
      empty={() =>
        isFiltered?.() ? (
          <Empty title="Nothing fits these filters">Change them above.</Empty>
        ) : (
          props.empty()
        )
      }
    />
  )
  const onClose = () => active.set(undefined)
  if (detailOf !== undefined) {
    return (
      <Split
        label={one}
        selected={() => active.value}
        onClose={onClose}
        list={table}
        detail={detailOf}
      />
    )
  }
  return (
    <Split
      label={one}
      selected={() => chosen.value}
      onClose={onClose}
      list={table}
      detail={(row) => detail?.(row)}
    />
  )
}
