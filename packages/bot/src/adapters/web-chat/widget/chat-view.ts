/** The widget's elements: what is said is always text, never markup; links and pictures only over HTTP. */
import type { ChatCard, ChatEntry } from './chat-connection.ts'

/** What the widget says; `labels` of the element, as JSON, replaces some or all of it. */
export const defaultLabels = {
  open: 'Chat',
  close: 'Close',
  title: 'Chat',
  placeholder: 'Write a message',
  send: 'Send',
  empty: 'Ask us anything. We answer here.',
  connecting: 'Connecting…',
  offline: 'Offline. We try again; what you write is kept.',
  typing: 'Writing…',
  sending: 'Sending…',
  failed: 'Not sent: too long',
  full: 'Too much is waiting to be sent',
  more: 'New messages',
  you: 'You',
  bot: 'Bot',
  person: 'Support',
}

export type ChatLabels = typeof defaultLabels

export interface ChatView {
  readonly root: DocumentFragment
  readonly launch: HTMLButtonElement
  readonly panel: HTMLElement
  readonly shut: HTMLButtonElement
  readonly title: HTMLElement
  readonly state: HTMLElement
  readonly log: HTMLElement
  readonly empty: HTMLElement
  readonly more: HTMLButtonElement
  readonly typing: HTMLElement
  readonly form: HTMLFormElement
  readonly input: HTMLTextAreaElement
}

export function chatView(labels: ChatLabels): ChatView {
  const launch = button(labels.open, 'launch')
  launch.setAttribute('aria-expanded', 'false')
  const title = make('h2', '', labels.title)
  title.id = 'title'
  const state = make('span', 'state', labels.connecting)
  state.setAttribute('role', 'status')
  const shut = button(labels.close, 'shut')
  const header = make('header')
  header.append(title, state, shut)
  const empty = make('p', 'empty', labels.empty)
  const log = make('div', 'log')
  log.append(empty)
  for (const [name, value] of [
    ['role', 'log'],
    ['aria-live', 'polite'],
    ['aria-labelledby', 'title'],
    ['tabindex', '0'],
  ] as const)
    log.setAttribute(name, value)
  const more = button(labels.more, 'more')
  more.hidden = true
  const typing = make('div', 'typing')
  const input = make('textarea')
  input.id = 'words'
  input.rows = 1
  input.maxLength = 4_000
  input.placeholder = labels.placeholder
  const name = make('label', 'name', labels.placeholder)
  name.htmlFor = input.id
  const send = button(labels.send, 'send')
  send.type = 'submit'
  const form = make('form')
  form.append(name, input, send)
  const panel = make('section', 'panel')
  panel.setAttribute('aria-labelledby', 'title')
  panel.hidden = true
  panel.append(header, log, more, typing, form)
  const root = new DocumentFragment()
  root.append(launch, panel)
  return { root, launch, panel, shut, title, state, log, empty, more, typing, form, input }
}

/** @param choose what a pressed button says */
export function entryView(
  entry: ChatEntry,
  labels: ChatLabels,
  choose: (value: string) => void,
): HTMLElement {
  const view = make('div', `one ${entry.from}`)
  const speaker = { visitor: labels.you, bot: labels.bot, person: labels.person }[entry.from]
  view.append(make('span', entry.from === 'person' ? 'note' : 'name', `${speaker}: `))
  for (const text of entry.texts) view.append(make('p', '', text))
  for (const card of entry.cards) view.append(cardView(card, choose))
  return view
}

function cardView(card: ChatCard, choose: (value: string) => void): HTMLElement {
  const view = make('div', 'card')
  if (isWebAddress(card.imageUrl)) {
    const image = make('img')
    image.src = card.imageUrl
    image.alt = ''
    image.referrerPolicy = 'no-referrer'
    view.append(image)
  }
  view.append(make('b', '', card.title))
  if (card.subTitle) view.append(make('span', '', card.subTitle))
  if (isWebAddress(card.attachmentLinkUrl)) {
    const link = make('a', '', card.attachmentLinkUrl)
    link.href = card.attachmentLinkUrl
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
    view.append(link)
  }
  if (card.buttons?.length) {
    const choices = make('div', 'choices')
    for (const { text, value } of card.buttons) {
      const one = button(text, '')
      one.onclick = () => choose(value)
      choices.append(one)
    }
    view.append(choices)
  }
  return view
}

function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//i.test(url)
}

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  text = '',
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  if (className !== '') element.className = className
  if (text !== '') element.textContent = text
  return element
}

function button(text: string, className: string): HTMLButtonElement {
  const element = make('button', className, text)
  element.type = 'button'
  return element
}
