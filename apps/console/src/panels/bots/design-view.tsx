/** @jsxImportSource @typestead/screens */
/** The draft's intents as forms: what users say, what is asked, what is done. Saving builds the draft, or names what is wrong. */
import { type Cell, cell, computed } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import { messageOf } from '../../server/server-error.ts'
import type { BotDetails, BotShape, IntentShape } from './bot-shape.ts'
import type { BotsManager } from './bots-manager.ts'
import {
  changed,
  formOf,
  type IntentForm,
  localeOf,
  newIntent,
  withIntent,
  withoutIntent,
} from './edit-bot.ts'
import { SlotFields } from './slot-fields.tsx'

export interface DesignViewProps {
  readonly c: BotsManager
  readonly found: () => BotDetails
  /** Only the draft can be changed. */
  readonly editable: () => boolean
  readonly intent: () => string | undefined
  readonly onChoose: (intent: string | undefined) => void
}

export function DesignView({ c, found, editable, intent, onChoose }: DesignViewProps): Child {
  const news = cell('')
  const intents = () => localeOf(found().model).intents
  const chosen = computed(() => intents().find(({ name }) => name === intent()) ?? intents()[0], {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  })
  const save = async (model: BotShape, said: string) => {
    try {
      await c.build(model, found().checksum)
      news.set(said)
      return true
    } catch (error) {
      news.set(messageOf(error))
      return false
    }
  }
  const add = async (name: string) => {
    const fresh = { ...newIntent(name), utterances: [name.replace(/_/g, ' ').toLowerCase()] }
    if (await save(withIntent(found().model, fresh), `${name} was added.`)) onChoose(name)
  }
  return (
    <div class="design">
      <nav aria-label="Intents">
        <ul class="intents">
          {() =>
            intents().map(({ name, utterances }) => (
              <li>
                <button
                  type="button"
                  class="quiet"
                  aria-pressed={() => chosen.value?.name === name}
                  onClick={() => onChoose(name)}
                >
                  {name} <span class="soft">{plural(utterances.length, 'utterance')}</span>
                </button>
              </li>
            ))
          }
        </ul>
        <Show when={editable}>{() => <AddIntent onAdd={add} />}</Show>
      </nav>
      <div>
        <Show when={() => editable() && found().aliases.some(({ released }) => released !== null)}>
          {() => (
            <p class="note">
              This bot stands in the app's code. What you publish is served until its definition
              there changes; then the code's is served, and yours stays a version.
            </p>
          )}
        </Show>
        {() => {
          const shown = chosen.value
          return shown === undefined ? (
            <p class="soft">This bot has no intent yet.</p>
          ) : (
            <IntentFields
              intent={shown}
              editable={editable}
              onSave={(next) => void save(withIntent(found().model, next), 'The draft was built.')}
              onDelete={() =>
                void save(withoutIntent(found().model, shown.name), `${shown.name} is gone.`)
              }
            />
          )
        }}
        <p role="status">{() => news.value}</p>
      </div>
    </div>
  )
}

function AddIntent({ onAdd }: { readonly onAdd: (name: string) => void }): Child {
  const name = cell('')
  return (
    <form
      class="new-intent"
      onSubmit={(event) => {
        event.preventDefault()
        onAdd(name.peek().trim())
        name.set('')
      }}
    >
      <label>
        New intent
        <input
          value={name}
          required
          pattern="[A-Za-z_]{1,100}"
          title="letters and underscores"
          onInput={(event) => name.set(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="quiet">
        Add
      </button>
    </form>
  )
}

function IntentFields(props: {
  readonly intent: IntentShape
  readonly editable: () => boolean
  readonly onSave: (intent: IntentShape) => void
  readonly onDelete: () => void
}): Child {
  const { intent, editable, onSave, onDelete } = props
  const form = cell<IntentForm>(formOf(intent))
  return (
    <form
      class="intent-form"
      aria-label={`Intent ${intent.name}`}
      onSubmit={(event) => {
        event.preventDefault()
        onSave(changed(intent, form.peek()))
      }}
    >
      <h2>{intent.name}</h2>
      <fieldset disabled={() => !editable()}>
        <label>
          Utterances, one a line; a slot's name in braces stands for its value
          <textarea
            rows={6}
            value={() => form.value.utterances}
            onInput={(event) => put(form, { utterances: event.currentTarget.value })}
          />
        </label>
        <SlotFields slots={() => form.value.slots} onChange={(slots) => put(form, { slots })} />
        <Line form={form} name="confirmation" label="Confirmation, asked when all is filled" />
        <Line form={form} name="rejection" label="Said after “no”" />
        <Line form={form} name="dialogHook" label="Hook that sees each input" />
        <Line
          form={form}
          name="fulfilmentHook"
          label="Hook that does it; empty: slots are returned"
        />
        <p class="row-actions">
          <button type="submit" class="primary">
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

function Line(props: {
  readonly form: Cell<IntentForm>
  readonly name: 'confirmation' | 'rejection' | 'dialogHook' | 'fulfilmentHook'
  readonly label: string
}): Child {
  const { form, name, label } = props
  return (
    <label>
      {label}
      <input
        value={() => form.value[name]}
        onInput={(event) => put(form, { [name]: event.currentTarget.value })}
      />
    </label>
  )
}

function put(form: Cell<IntentForm>, changes: Partial<IntentForm>): void {
  form.update((before) => ({ ...before, ...changes }))
}
