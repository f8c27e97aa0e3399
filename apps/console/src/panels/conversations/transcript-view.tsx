/** @jsxImportSource @typestead/screens */
/** One conversation: each turn with what was understood and what hooks said; a person can take over and answer. */
import { cell, type Resource } from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { milliseconds, moment, plural } from '../../page-frame/format.ts'
import { Loaded } from '../../page-frame/states.tsx'
import { messageOf } from '../../server/server-error.ts'
import {
  filledSlots,
  hooksOf,
  repliesOf,
  steeringOf,
  type Transcript,
  type Turn,
} from './conversation-rows.ts'
import type { ConversationsManager } from './conversations-manager.ts'
import { ForgetPerson } from './forget-person.tsx'
import '../../page-frame/transcript.css'

export function TranscriptView(props: {
  readonly c: ConversationsManager
  readonly id: () => string
  readonly onForgotten: () => void
}): Child {
  const { c, id, onForgotten } = props
  const transcript: Resource<Transcript> = c.transcript(id)
  return (
    <Loaded resource={transcript}>
      {(found) => (
        <>
          <Actions c={c} transcript={found} onForgotten={onForgotten} />
          <ol class="transcript" aria-label="Turns, the oldest first">
            <For each={() => found().turns} key={({ turn }) => turn}>
              {(turn) => <TurnView turn={() => turn.value} />}
            </For>
          </ol>
        </>
      )}
    </Loaded>
  )
}

function Actions(props: {
  readonly c: ConversationsManager
  readonly transcript: () => Transcript
  readonly onForgotten: () => void
}): Child {
  const { c, transcript, onForgotten } = props
  const words = cell('')
  const news = cell('')
  const id = () => transcript().conversation.id
  const person = () => transcript().conversation.person
  const act = (work: () => Promise<string>) => async () => {
    try {
      news.set(await work())
    } catch (error) {
      news.set(messageOf(error))
    }
  }
  const say = act(async () => {
    await c.say(id(), words.peek())
    words.set('')
    return ''
  })
  return (
    <div class="conversation-actions">
      <div class="row-actions">
        <button
          type="button"
          class="quiet"
          onClick={act(async () => `${plural(await c.replay(id()), 'turn')} gave the same again.`)}
        >
          Replay
        </button>{' '}
        <a
          class="quiet"
          href={() => `/_typestead/conversations/${encodeURIComponent(id())}/transcript`}
          download="conversation.yaml"
        >
          Save as a test
        </a>{' '}
        <Show
          when={() => person() === null}
          fallback={() => (
            <button
              type="button"
              class="quiet"
              onClick={act(async () => {
                await c.handBack(id())
                return 'The bot answers again.'
              })}
            >
              Hand back to the bot
            </button>
          )}
        >
          {() => (
            <button
              type="button"
              class="quiet"
              onClick={act(async () => {
                await c.takeOver(id())
                return 'The bot is silent; you answer.'
              })}
            >
              Take over
            </button>
          )}
        </Show>{' '}
        <ForgetPerson
          c={c}
          conversation={() => transcript().conversation}
          onForgotten={onForgotten}
        />
      </div>
      <Show when={() => person() !== null}>
        {() => (
          <form
            class="say"
            onSubmit={(event) => {
              event.preventDefault()
              void say()
            }}
          >
            <label class="grow">
              Your words
              <input value={words} onInput={(event) => words.set(event.currentTarget.value)} />
            </label>
            <button type="submit" class="primary" disabled={() => words.value.trim() === ''}>
              Say
            </button>
          </form>
        )}
      </Show>
      <Show when={() => transcript().conversation.asksForPerson}>
        {() => <p class="note">This user waits for a person: take over and answer.</p>}
      </Show>
      <p role="status" class="soft">
        {() => news.value}
      </p>
    </div>
  )
}

/** A user's own words, which the bot was to understand. */
function isWords(turn: Turn): boolean {
  return turn.from === 'user' && steeringOf(turn) === null
}

function stateOf(turn: Turn): string {
  return turn.reply?.dialogState ?? (isWords(turn) ? 'no answer' : '')
}

function TurnView({ turn }: { readonly turn: () => Turn }): Child {
  const understood = () => {
    const intent = turn().reply?.intent
    if (!intent) return isWords(turn()) ? 'nothing understood' : ''
    return intent.confidence === null
      ? intent.name
      : `${intent.name} ${intent.confidence.toFixed(2)}`
  }
  return (
    <li class="turn">
      <Show
        when={() => steeringOf(turn())}
        fallback={() => <p class={() => `said ${turn().from}`}>{() => turn().text}</p>}
      >
        {(steering) => <p class="soft">{steering}</p>}
      </Show>
      {() => repliesOf(turn()).map((text) => <p class="said bot">{text}</p>)}
      <Show when={() => turn().failure}>
        {(failure) => <p class="failed-text">{() => `${failure().code}: ${failure().message}`}</p>}
      </Show>
      <details>
        <summary class="soft">
          {() =>
            [moment(turn().at), understood(), stateOf(turn())]
              .filter((part) => part !== '')
              .join(' · ')
          }
        </summary>
        <dl class="facts">
          <dt>Version</dt>
          <dd>{() => turn().version}</dd>
          <dt>Slots</dt>
          <dd>
            {() =>
              filledSlots(turn())
                .map(([name, value]) => `${name} = ${value}`)
                .join(', ') || 'none'
            }
          </dd>
          <dt>Attributes</dt>
          <dd>
            {() =>
              Object.entries(turn().reply?.sessionAttributes ?? {})
                .map(([name, value]) => `${name} = ${value}`)
                .join(', ') || 'none'
            }
          </dd>
          <dt>Understanding</dt>
          <dd>{() => milliseconds(turn().took.understanding)}</dd>
        </dl>
        <ul class="dashes">
          {() =>
            hooksOf(turn()).map(({ hook, source, answer, milliseconds: took }) => (
              <li>
                <code>{hook}</code> {source} → {answer}{' '}
                <span class="soft">{milliseconds(took)}</span>
              </li>
            ))
          }
        </ul>
      </details>
    </li>
  )
}
