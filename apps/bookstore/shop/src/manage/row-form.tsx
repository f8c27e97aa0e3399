/** @jsxImportSource @typestead/screens */
/**
 * A row edited by the form of its entity. While it is open, changes from elsewhere arrive: untouched fields follow, others show both values.
 * A save under an old version is refused and says what has changed.
 */
import { type Resource, reaction, resource, type Scope } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import {
  createForm,
  type EntityForm,
  FormView,
  type RelationSource,
} from '@typestead/screens/forms'
import { inWords } from '../api/failure.ts'
import { Loaded } from '../frame/loaded.tsx'
import { AccountManager } from '../managers/account-manager.ts'
import { FormsManager } from '../managers/forms-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'
import { type FormRow, RowSource } from './row-source.ts'

export interface RowFormProps {
  readonly scope: Scope
  readonly entity: string
  /** Without it a new row is made. */
  readonly id?: string
  readonly relations: Readonly<
    Record<string, { readonly fields: string; readonly source?: RelationSource }>
  >
  readonly omit?: readonly string[]
  readonly submitLabel: string
  /** What tells that the row may have changed, such as its version in a live list. */
  readonly changes?: () => unknown
  readonly missing: () => Child
  readonly done: (row: FormRow) => unknown
}

interface Begun {
  readonly source: RowSource
  readonly row: FormRow | null | undefined
}

export function RowForm(props: RowFormProps): Child {
  const { scope, entity, id, missing } = props
  const server = scope.find(ServerManager)
  const begun: Resource<Begun> = resource(async (signal) => {
    server.returns.value
    const shape = await scope.find(FormsManager).entity(entity, signal)
    const fields = Object.entries(props.relations).map(([name, relation]) => [
      name,
      relation.fields,
    ])
    const source = new RowSource(server.client, shape, Object.fromEntries(fields))
    return { source, row: id === undefined ? undefined : await source.read(id, signal) }
  })
  return (
    <Loaded of={begun} what="the form">
      {(value) => {
        const { source, row } = value.peek()
        return row === null ? missing() : <Whole {...props} source={source} row={row} />
      }}
    </Loaded>
  )
}

interface WholeProps extends RowFormProps {
  readonly source: RowSource
  readonly row: FormRow | undefined
}

function Whole(props: WholeProps): Child {
  const { scope, source, row, changes, relations, omit = [], done, submitLabel } = props
  const account = scope.find(AccountManager)
  const pickers = Object.entries(relations).flatMap(([name, { source: picker }]) =>
    picker === undefined ? [] : [[name, picker] as const],
  )
  const id = String(row?.id)
  let saved: FormRow | null = null
  const form: EntityForm = createForm({
    entity: source.entity,
    ...(row === undefined ? {} : { row, reload: (signal) => readAgain(signal) }),
    relations: Object.fromEntries(pickers),
    omit,
    submit: async (values, signal, version) => {
      const sending =
        row === undefined
          ? source.create(values, signal)
          : source.update({ id, version }, values, signal)
      try {
        saved = await inWords(sending)
      } catch (error) {
        account.recheck(error)
        throw error
      }
      return saved
    },
  })

  async function readAgain(signal: AbortSignal): Promise<FormRow> {
    const now = await source.read(id, signal)
    if (now === null) throw new Error('It is no longer there.')
    return now
  }

  if (changes !== undefined && row !== undefined) {
    reaction(() => {
      const version = changes()
      if (version === undefined || version === form.version || form.submitting.peek()) return
      const stop = new AbortController()
      // What can't be read now is read before the next save, which is refused until then.
      readAgain(stop.signal).then(form.receive, () => {})
      return () => stop.abort()
    })
  }
  return (
    <FormView
      form={form}
      class="card"
      submitLabel={submitLabel}
      onSubmitted={() => (saved === null ? undefined : done(saved))}
    />
  )
}
