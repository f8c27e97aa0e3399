/** A conversation as a picture: what the user said on the left, what the bot made of it in the middle, what it answered on the right. */
import type { TranscriptTurn } from '../service/service-contract.ts'
import { Drawing } from './drawing.ts'

export interface DrawConversationOptions {
  readonly title?: string
  readonly idPrefix?: string
}

/** The last so many turns are drawn. */
const maxTurns = 200
const width = 270
const gap = 46
const row = 116
const left = 24

/** @param turns the oldest first; masked as the service gives them */
export function drawConversation(
  turns: readonly TranscriptTurn[],
  { title = 'Conversation', idPrefix = 'conversation' }: DrawConversationOptions = {},
): string {
  const drawing = new Drawing(idPrefix)
  const shown = turns.slice(-maxTurns)
  drawing.heading(left, 34, title)
  const cut = turns.length - shown.length
  drawing.caption(
    left,
    56,
    `${turns.length} turns${cut === 0 ? '' : `, the first ${cut} not shown`}`,
  )
  shown.forEach((turn, i) => {
    drawTurn(drawing, turn, 78 + i * row)
  })
  return drawing.svg({ title, description: shown.map(sentence).join(' ') })
}

function drawTurn(drawing: Drawing, turn: TranscriptTurn, y: number): void {
  const { reply, failure, from, text, effects } = turn
  const box = { y, width, height: 88 }
  const at = (column: number) => left + column * (width + gap)
  const arrow = (column: number) => drawing.arrow(at(column) - gap, y + 44, at(column), y + 44)
  if (from === 'person') {
    drawing.box({ ...box, x: at(2), kind: 'confirm', title: 'A person', text, below: '' })
    return
  }
  const hooks = effects.flatMap((effect) => (effect.type === 'callHook' ? [effect.call.hook] : []))
  const notes = effects.flatMap((effect) => (effect.type === 'note' ? [effect.name] : []))
  drawing.box({ ...box, x: at(0), kind: 'slot', title: 'User', text, below: '' })
  arrow(1)
  drawing.box({
    ...box,
    x: at(1),
    kind: 'intent',
    title: reply?.intent?.name ?? failure?.code ?? 'no intent',
    text: slotsOf(turn),
    below: [...hooks.map((hook) => `hook ${hook}`), ...notes].join(', '),
  })
  arrow(2)
  drawing.box({
    ...box,
    x: at(2),
    kind: failure ? 'fallback' : 'end',
    title: failure ? 'Failed' : (reply?.dialogState ?? ''),
    text: failure?.message ?? saidOf(turn),
    below: reply?.slotToElicit ? `asks for ${reply.slotToElicit}` : '',
  })
}

function slotsOf({ reply }: TranscriptTurn): string {
  return Object.entries(reply?.intent?.slots ?? {})
    .flatMap(([name, value]) => (value ? [`${name}: ${value.value}`] : []))
    .join(', ')
}

function saidOf({ reply }: TranscriptTurn): string {
  return reply?.said?.messages.map(({ content }) => content).join(' ') ?? 'says nothing'
}

function sentence(turn: TranscriptTurn): string {
  if (turn.from === 'person') return `A person: ${turn.text}`
  return `User: ${turn.text}. Bot: ${turn.failure ? `failed, ${turn.failure.code}` : saidOf(turn)}`
}
