/** @jsxImportSource @typestead/screens */
/** The draft's intents as forms: what users say, what is asked, what is done. Saving builds the draft, or names what is wrong. */
import { cell, computed, ever, onDispose } from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import { messageOf } from '../../server/server-error.ts'
import type { BotDetails, BotShape } from './bot-shape.ts'
import type { BotsManager } from './bots-manager.ts'
import { localeOf, newIntent, withIntent, withoutIntent } from './edit-bot.ts'
import { EditedIntent } from './edited-intent.ts'
import { IntentFields } from './intent-form.tsx'

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
  /** Whose form holds what nobody saved. */
  const touched = cell<EditedIntent | undefined>(undefined)
  const intents = () => localeOf(found().model).intents
  const names = () => intents().map(({ name }) => name)
  /** What stands in one form: of another version, or of another intent, it is another one. */
  const shown = computed(
    () => {
      const kept = touched.value?.name
      const wanted = intent() ?? kept
      const isThere = wanted !== undefined && (wanted === kept || names().includes(wanted))
      const name = isThere ? wanted : names()[0]
      return name === undefined ? [] : [{ name, version: found().version }]
    },
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  )
  const act = async (work: () => Promise<string>) => {
    news.set('')
    try {
      news.set(await work())
    } catch (error) {
      news.set(messageOf(error))
    }
  }
  const add = (name: string) =>
    act(async () => {
      const fresh = { ...newIntent(name), utterances: [name.replace(/_/g, ' ').toLowerCase()] }
      const isNew = (draft: BotShape) => localeOf(draft).intents.every((one) => one.name !== name)
      const built = await c.change(found(), (draft) =>
        isNew(draft) ? withIntent(draft, fresh) : undefined,
      )
      onChoose(name)
      return built === undefined ? `${name} is there already.` : `${name} was added.`
    })
  return (
    <div class="design">
      <nav aria-label="Intents">
        <ul class="intents">
          <For each={intents} key={({ name }) => name}>
            {(one) => (
              <li>
                <button
                  type="button"
                  class="quiet"
                  aria-pressed={() => shown.value[0]?.name === one.value.name}
                  onClick={() => onChoose(one.peek().name)}
                >
                  {() => one.value.name}{' '}
                  <span class="soft">{() => plural(one.value.utterances.length, 'utterance')}</span>
                </button>
              </li>
            )}
          </For>
        </ul>
        <Show when={editable}>{() => <AddIntent onAdd={(name) => void add(name)} />}</Show>
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
        <For
          each={shown}
          key={({ name, version }) => `${version} ${name}`}
          fallback={() => <p class="soft">This bot has no intent yet.</p>}
        >
          {(one) => (
            <Editor
              c={c}
              name={one.peek().name}
              found={found}
              editable={editable}
              act={act}
              onTouched={(edited) => touched.set(edited)}
              onGone={() => onChoose(undefined)}
            />
          )}
        </For>
        <p role="status">{() => news.value}</p>
      </div>
    </div>
  )
}

function Editor(props: {
  readonly c: BotsManager
  readonly name: string
  readonly found: () => BotDetails
  readonly editable: () => boolean
  /** Tells what came of it. */
  readonly act: (work: () => Promise<string>) => Promise<void>
  readonly onTouched: (edited: EditedIntent | undefined) => void
  readonly onGone: () => void
}): Child {
  const { c, name, found, editable, act, onTouched, onGone } = props
  const begun = localeOf(found().model).intents.find((one) => one.name === name)
  const edited = new EditedIntent(begun ?? newIntent(name))
  ever(
    computed(() => found().model),
    (model) => edited.found(model),
  )
  ever(
    computed(() => edited.isTouched.value || edited.theirs.value !== undefined),
    (isTouched) => onTouched(isTouched ? edited : undefined),
  )
  onDispose(() => onTouched(undefined))
  const unlessChanged = 'It was changed elsewhere: choose above.'
  const save = () =>
    act(async () => {
      const built = await edited.saving(() =>
        c.change(found(), (draft) =>
          edited.agrees(draft) ? withIntent(draft, edited.result()) : undefined,
        ),
      )
      return built === undefined ? unlessChanged : 'The draft was built.'
    })
  const remove = () =>
    act(async () => {
      const built = await c.change(found(), (draft) =>
        edited.agrees(draft) ? withoutIntent(draft, name) : undefined,
      )
      if (built === undefined) return unlessChanged
      onTouched(undefined)
      onGone()
      return `${name} is gone.`
    })
  const leave = () => {
    onTouched(undefined)
    onGone()
  }
  return (
    <IntentFields
      edited={edited}
      editable={editable}
      onSave={() => void save()}
      onDelete={() => void remove()}
      onLeave={leave}
    />
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
