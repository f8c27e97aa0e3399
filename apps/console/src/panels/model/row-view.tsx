/** @jsxImportSource @typestead/screens */
/** One row in its form: fields, checks and labels are those of the class. Or a new one. */
import { cell, computed, reaction, resource } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import { createForm, FormView } from '@typestead/screens/forms'
import { Detail } from '../../page-frame/split.tsx'
import { Loaded } from '../../page-frame/states.tsx'
import { messageOf, ServerError } from '../../server/server-error.ts'
import { type EntityShape, keyText, type Row, rowLabel } from './entities.ts'
import type { RowsController } from './rows-controller.ts'
import '../../page-frame/confirm.css'

export interface RowViewProps {
  readonly c: RowsController
  readonly entity: EntityShape
  readonly rowKey: string
  readonly onClose: () => void
}

export function RowView({ c, entity, rowKey, onClose }: RowViewProps): Child {
  const inList = computed(() => c.rows.value.find(({ key }) => keyText(key) === rowKey))
  const there = inList.peek()
  // An address may name a row that is in no page that was loaded.
  const loaded = resource((signal) =>
    there === undefined ? c.get(rowKey, signal) : Promise.resolve(there),
  )
  return (
    <Detail label={entity.name} onClose={onClose}>
      <Loaded resource={loaded}>
        {(row) => (
          <RowForm
            c={c}
            entity={entity}
            row={row()}
            inList={() => inList.value}
            onClose={onClose}
          />
        )}
      </Loaded>
    </Detail>
  )
}

interface RowFormProps {
  readonly c: RowsController
  readonly entity: EntityShape
  readonly row: Row
  readonly inList: () => Row | undefined
  readonly onClose: () => void
}

function RowForm({ c, entity, row, inList, onClose }: RowFormProps): Child {
  const key = keyText(row.key)
  let current = row
  const receive = (now: Row) => {
    current = now
    form.receive(formValues(entity, now))
  }
  const form = createForm({
    entity,
    row: formValues(entity, row),
    relations: c.relations(),
    async submit(values, signal) {
      const version = entity.lock === undefined ? undefined : current.values[entity.lock]
      try {
        current = await c.update(key, values, version, signal)
      } catch (error) {
        if (error instanceof ServerError && error.code === 'STALE') {
          receive(await c.get(key, signal))
          throw new Error(
            'Somebody changed this row meanwhile. Fields that differ from yours say so; look at them and save again.',
            { cause: error },
          )
        }
        throw error
      }
    },
  })
  // What was written elsewhere on the page, or loaded again.
  reaction(() => {
    const now = inList()
    if (now !== undefined && now !== current) receive(now)
  })
  return (
    <>
      <p class="detail-lead">
        <strong>{() => rowLabel(entity, inList() ?? row)}</strong>
      </p>
      <FormView form={form} />
      <DeleteRow
        c={c}
        entity={entity}
        rowKey={key}
        label={rowLabel(entity, row)}
        onDeleted={onClose}
      />
    </>
  )
}

export interface CreateViewProps {
  readonly c: RowsController
  readonly entity: EntityShape
  readonly onCreated: (key: string) => void
  readonly onClose: () => void
}

export function CreateView({ c, entity, onCreated, onClose }: CreateViewProps): Child {
  let created: Row | undefined
  const form = createForm({
    entity,
    relations: c.relations(),
    async submit(values, signal) {
      created = await c.create(values, signal)
    },
  })
  return (
    <Detail label={`New ${entity.name}`} onClose={onClose}>
      <FormView
        form={form}
        onCancel={onClose}
        onSubmitted={() => {
          if (created !== undefined) onCreated(keyText(created.key))
        }}
      />
    </Detail>
  )
}

interface DeleteRowProps {
  readonly c: RowsController
  readonly entity: EntityShape
  readonly rowKey: string
  readonly label: string
  readonly onDeleted: () => void
}

function DeleteRow({ c, entity, rowKey, label, onDeleted }: DeleteRowProps): Child {
  const problem = cell('')
  const remove = async () => {
    problem.set('')
    try {
      await c.delete(rowKey)
    } catch (error) {
      problem.set(messageOf(error))
      return
    }
    dialog.close()
    onDeleted()
  }
  const dialog = (
    <dialog class="confirm" aria-label={`Delete ${entity.name}`}>
      <h2>Delete {entity.name}?</h2>
      <p>
        “{label}” is deleted from the database{entity.softDelete === undefined ? '' : ', softly'}.
      </p>
      <p role="alert" class="form-error">
        {problem}
      </p>
      <div class="row-create">
        <button type="button" class="quiet danger" onClick={remove}>
          Delete
        </button>
        <button type="button" class="quiet" onClick={() => dialog.close()}>
          Keep it
        </button>
      </div>
    </dialog>
  ) as HTMLDialogElement // a tag makes an element
  return (
    <div class="row-danger">
      <span class="soft">Key {rowKey}</span>
      <button type="button" class="quiet danger" onClick={() => dialog.showModal()}>
        Delete…
      </button>
      {dialog}
    </div>
  )
}

/** Links with what they are called, so that nothing has to be asked for. */
function formValues(
  entity: EntityShape,
  { values, links }: Row,
): Readonly<Record<string, unknown>> {
  const named = entity.relations
    .filter(({ kind, name }) => kind === 'belongsTo' && values[name] !== null)
    .map(({ name }) => {
      const key = values[name]
      return [name, { key, label: links[name] ?? keyText(key) }]
    })
  return { ...values, ...Object.fromEntries(named) }
}
