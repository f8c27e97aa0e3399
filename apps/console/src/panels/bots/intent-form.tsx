/** @jsxImportSource @typestead/screens */
/** One intent as a form; when others changed it while somebody typed, they choose whose it shall be. */
import { type Child, Show } from '@typestead/screens/dom'
import type { IntentForm } from './edit-bot.ts'
import type { EditedIntent } from './edited-intent.ts'
import { SlotFields } from './slot-fields.tsx'

export function IntentFields(props: {
  readonly edited: EditedIntent
  readonly editable: () => boolean
  readonly onSave: () => void
  readonly onDelete: () => void
  /** Theirs are taken where they took the intent away. */
  readonly onLeave: () => void
}): Child {
  const { edited, editable, onSave, onDelete, onLeave } = props
  const { form, theirs } = edited
  return (
    <form
      class="intent-form"
      aria-label={`Intent ${edited.name}`}
      onSubmit={(event) => {
        event.preventDefault()
        onSave()
      }}
    >
      <h2>{edited.name}</h2>
      <div role="alert">
        <Show when={theirs}>
          {(found) => (
            <Elsewhere
              isGone={() => found().intent === null}
              onTheirs={() => (found().intent === null ? onLeave() : edited.takeTheirs())}
              onMine={() => edited.keepMine()}
            />
          )}
        </Show>
      </div>
      <fieldset disabled={() => !editable()}>
        <label>
          Utterances, one a line; a slot's name in braces stands for its value
          <textarea
            rows={6}
            value={() => form.value.utterances}
            onInput={(event) => edited.put({ utterances: event.currentTarget.value })}
          />
        </label>
        <SlotFields slots={() => form.value.slots} onChange={(slots) => edited.put({ slots })} />
        <Line edited={edited} name="confirmation" label="Confirmation, asked when all is filled" />
        <Line edited={edited} name="rejection" label="Said after “no”" />
        <Line edited={edited} name="dialogHook" label="Hook that sees each input" />
        <Line
          edited={edited}
          name="fulfilmentHook"
          label="Hook that does it; empty: slots are returned"
        />
        <p class="row-actions">
          <button type="submit" class="primary" disabled={() => theirs.value !== undefined}>
            Build the draft
          </button>{' '}
          <button type="button" class="quiet danger" onClick={onDelete}>
            Delete the intent
          </button>
        </p>
      </fieldset>
    </form>
  )
}

function Elsewhere(props: {
  readonly isGone: () => boolean
  readonly onTheirs: () => void
  readonly onMine: () => void
}): Child {
  const { isGone, onTheirs, onMine } = props
  /** The buttons go away with the note: the focus goes to the form. */
  const then = (act: () => void) => (event: MouseEvent) => {
    const from = event.currentTarget
    const form = from instanceof Element ? from.closest('form') : null
    act()
    form?.querySelector<HTMLElement>('textarea')?.focus()
  }
  return (
    <div class="note elsewhere">
      <p>
        {() =>
          isGone()
            ? 'This intent was deleted elsewhere while you typed.'
            : 'This intent was changed elsewhere while you typed. Nothing is built until you choose.'
        }
      </p>
      <p class="row-actions">
        <button type="button" class="quiet" onClick={then(onTheirs)}>
          {() => (isGone() ? 'Delete it here too' : 'Take theirs')}
        </button>{' '}
        <button type="button" class="quiet" onClick={then(onMine)}>
          Keep mine
        </button>
      </p>
    </div>
  )
}

function Line(props: {
  readonly edited: EditedIntent
  readonly name: 'confirmation' | 'rejection' | 'dialogHook' | 'fulfilmentHook'
  readonly label: string
}): Child {
  const { edited, name, label } = props
  return (
    <label>
      {label}
      <input
        value={() => edited.form.value[name]}
        onInput={(event) => {
          const text = event.currentTarget.value
          edited.put({ [name]: text } satisfies Partial<IntentForm>)
        }}
      />
    </label>
  )
}
