/** @jsxImportSource @typestead/screens */
/** "Add as example and train again": the sentence with the intent and entities it should have had. */
import { cell, computed, reaction } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { messageOf } from '../../server/server-error.ts'
import { MarkedText } from './marked-text.tsx'
import { type Project, type Span, taught, type Understood } from './sentences.ts'
import type { UnderstandingManager } from './understanding-manager.ts'

export interface TeachFormProps {
  readonly c: UnderstandingManager
  readonly project: () => Project | undefined
  readonly understood: () => Understood
}

const fallbackIntent = 'nlu_fallback'

export function TeachForm({ c, project, understood }: TeachFormProps): Child {
  /** What was chosen for this sentence; undefined: what the model says. */
  const intent = cell<string | undefined>(undefined)
  const chosenSpans = cell<readonly Span[] | undefined>(undefined)
  const entity = cell('')
  const problem = cell<unknown>(undefined)
  const added = cell('')
  const text = computed(() => understood().text)
  // Another sentence is another example.
  reaction(() => {
    text.value
    intent.set(undefined)
    chosenSpans.set(undefined)
    problem.set(undefined)
    added.set('')
  })
  const guess = computed(
    () => understood().intent_ranking.find(({ name }) => name !== fallbackIntent)?.name ?? '',
  )
  const wanted = () => intent.value ?? guess.value
  const spans = (): readonly Span[] => chosenSpans.value ?? taught(understood().entities)
  const busy = computed(() => {
    const happening = c.happening.value
    return happening?.state === 'training' && happening.project === project()?.name
  })
  let sentence: HTMLInputElement | undefined

  const mark = () => {
    const [start, end] = [sentence?.selectionStart ?? 0, sentence?.selectionEnd ?? 0]
    const name = entity.peek().trim()
    if (start >= end || name === '') {
      problem.set(new Error('Select words in the sentence above, and name the entity.'))
      return
    }
    problem.set(undefined)
    const others = spans().filter((span) => span.end <= start || span.start >= end)
    chosenSpans.set([...others, { start, end, entity: name }].toSorted((a, b) => a.start - b.start))
  }
  const submit = async () => {
    const name = project()?.name
    if (name === undefined) return
    problem.set(undefined)
    try {
      const entities = spans().map(({ start, end, entity }) => ({ start, end, entity }))
      const example = { text: text.peek(), intent: wanted().trim(), entities }
      await c.add(name, example)
      await c.train(name)
      added.set(`“${example.text}” is an example of ${example.intent} now.`)
    } catch (error) {
      problem.set(error)
    }
  }
  return (
    <form
      class="card teach"
      aria-labelledby="teach-title"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2 id="teach-title">Teach it</h2>
      <div class="filters">
        <label>
          It should be
          <input
            type="text"
            list="known-intents"
            required
            value={wanted}
            onInput={(event) => intent.set(event.currentTarget.value)}
          />
        </label>
        <datalist id="known-intents">
          {() => (project()?.model?.intents ?? []).map((name) => <option value={name} />)}
        </datalist>
      </div>
      <label class="grow">
        Select words here to mark them
        <input
          type="text"
          readonly
          value={text}
          ref={(input) => {
            sentence = input
          }}
        />
      </label>
      <div class="filters">
        <label>
          as
          <input
            type="text"
            list="known-entities"
            placeholder="entity"
            value={entity}
            onInput={(event) => entity.set(event.currentTarget.value)}
          />
        </label>
        <datalist id="known-entities">
          {() => (project()?.model?.entities ?? []).map((name) => <option value={name} />)}
        </datalist>
        <button type="button" class="quiet" onClick={mark}>
          Mark
        </button>
        <button type="button" class="quiet" onClick={() => chosenSpans.set([])}>
          No entities
        </button>
      </div>
      <p class="marked-sentence small">{() => <MarkedText text={text.value} spans={spans()} />}</p>
      <div class="teach-end">
        <button type="submit" class="primary" disabled={busy}>
          Add as example and train again
        </button>
        <span role="status" class="soft">
          {added}
        </span>
      </div>
      <Show when={problem}>
        {(error) => (
          <p class="failed-text" role="alert">
            {() => messageOf(error())}
          </p>
        )}
      </Show>
    </form>
  )
}
