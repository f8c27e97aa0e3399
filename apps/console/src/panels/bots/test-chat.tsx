/** @jsxImportSource @typestead/screens */
/** A chat with the bot, and what it made of each sentence: intent, confidence, slots, attributes. */
import { cell } from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { messageOf } from '../../server/server-error.ts'
import type { BotsManager, ChatAnswer } from './bots-manager.ts'
import '../../page-frame/transcript.css'

interface Line {
  readonly id: number
  readonly text: string
  readonly from: 'user' | 'bot'
  readonly facts: string
}

export function TestChat(props: {
  readonly c: BotsManager
  readonly bot: () => string
  readonly alias: () => string
}): Child {
  const { c, bot, alias } = props
  const lines = cell<readonly Line[]>([])
  const words = cell('')
  const waits = cell(false)
  const user = cell(newUser())
  let end: HTMLElement | undefined
  const add = (text: string, from: Line['from'], facts = '') => {
    lines.update((before) => [...before, { id: before.length, text, from, facts }])
    queueMicrotask(() => end?.scrollIntoView({ block: 'nearest' }))
  }
  const say = async () => {
    const text = words.peek().trim()
    if (text === '' || waits.peek()) return
    add(text, 'user')
    words.set('')
    waits.set(true)
    try {
      const answer = await c.say(bot(), alias(), user.peek(), text)
      const said = answer.reply?.said?.messages.map(({ content }) => content).join('\n')
      add(said ?? answer.failure?.message ?? 'The bot says nothing.', 'bot', factsOf(answer))
    } catch (error) {
      add(messageOf(error), 'bot')
    } finally {
      waits.set(false)
    }
  }
  return (
    <section class="test-chat" aria-label="Try the bot">
      <div role="log" aria-label="What was said">
        <ol class="transcript">
          <For each={lines} key={({ id }) => id}>
            {(line) => (
              <li class="turn">
                <p class={() => `said ${line.value.from}`}>{() => line.value.text}</p>
                <Show when={() => line.value.facts !== ''}>
                  {() => <p class="soft facts-line">{() => line.value.facts}</p>}
                </Show>
              </li>
            )}
          </For>
        </ol>
      </div>
      <p ref={(element) => (end = element)} class="soft" role="status">
        {() => (waits.value ? 'The bot thinks…' : '')}
      </p>
      <form
        class="say"
        onSubmit={(event) => {
          event.preventDefault()
          void say()
        }}
      >
        <label class="grow">
          Say something
          <input
            value={words}
            autocomplete="off"
            onInput={(event) => words.set(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={() => words.value.trim() === ''}>
          Send
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            user.set(newUser())
            lines.set([])
          }}
        >
          Begin anew
        </button>
      </form>
    </section>
  )
}

function newUser(): string {
  return `console-${crypto.randomUUID().slice(0, 8)}`
}

function factsOf({ reply }: ChatAnswer): string {
  if (reply === null) return ''
  const { intent, dialogState, sessionAttributes } = reply
  const slots = Object.entries(intent?.slots ?? {}).flatMap(([name, slot]) =>
    slot === null ? [] : [`${name} = ${slot.value}`],
  )
  const attributes = Object.entries(sessionAttributes).map(
    ([name, value]) => `[${name}] = ${value}`,
  )
  const confidence = intent?.confidence == null ? '' : ` ${intent.confidence.toFixed(2)}`
  return [`${intent?.name ?? 'no intent'}${confidence}`, dialogState, ...slots, ...attributes].join(
    ' · ',
  )
}
