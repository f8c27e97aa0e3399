/**
 * `<typestead-chat src="/chat">`: a chat in a corner of the page, or with `inline` where it stands. Attributes: `src` (the server's
 * path), `heading`, `labels` (JSON, see `defaultLabels`), `open`. Keyboard: Enter sends, Shift+Enter breaks the line, Escape closes.
 */
import { ChatConnection, type ChatEntry } from './chat-connection.ts'
import { style } from './chat-style.ts'
import {
  type ChatLabels,
  type ChatView,
  chatView,
  defaultLabels,
  entryView,
  make,
} from './chat-view.ts'

class TypesteadChat extends HTMLElement {
  #view: ChatView | undefined
  #connection: ChatConnection | undefined
  #labels: ChatLabels = defaultLabels
  #entries = new Map<string, HTMLElement>()
  #typingTimer: ReturnType<typeof setTimeout> | undefined

  connectedCallback(): void {
    if (this.#view !== undefined) return
    this.#labels = { ...defaultLabels, ...readLabels(this.getAttribute('labels')) }
    const view = chatView(this.#labels)
    this.#view = view
    view.title.textContent = this.getAttribute('heading') || this.#labels.title
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [sheet()]
    shadow.replaceChildren(view.root)
    this.#listen(view)
    this.#connection = new ChatConnection(this.#base, {
      entry: (entry) => this.#show(entry),
      kept: (id) => this.#mark(id, ''),
      refused: (id) => this.#mark(id, this.#labels.failed, 'failed'),
      typing: (on) => this.#typing(on),
      online: (on) => this.#online(on),
    })
    for (const { id, text } of this.#connection.unsent) this.#showOwn(id, text)
    this.#connection.open()
    const wasOpen = sessionStorage.getItem(this.#openKey) === '1'
    this.#toggle(this.hasAttribute('inline') || this.hasAttribute('open') || wasOpen, false)
  }

  disconnectedCallback(): void {
    this.#connection?.close()
    clearTimeout(this.#typingTimer)
    this.#view = undefined
    this.#entries.clear()
  }

  #listen({ launch, shut, form, input, panel, log, more }: ChatView): void {
    launch.onclick = () => this.#toggle(true, true)
    shut.onclick = () => this.#toggle(false, true)
    panel.onkeydown = (event) => {
      if (event.key === 'Escape' && !this.hasAttribute('inline')) this.#toggle(false, true)
    }
    form.onsubmit = (event) => {
      event.preventDefault()
      const text = input.value.trim()
      if (text !== '' && this.#say(text)) input.value = ''
      input.focus()
    }
    input.onkeydown = (event) => {
      // Enter that ends the writing of a character is not meant for us.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      form.requestSubmit()
    }
    log.onscroll = () => {
      if (isAtEnd(log)) more.hidden = true
    }
    more.onclick = () => log.scrollTo({ top: log.scrollHeight })
  }

  #toggle(open: boolean, byUser: boolean): void {
    const { launch, panel, input, log } = this.#parts
    launch.hidden = open
    launch.setAttribute('aria-expanded', String(open))
    panel.hidden = !open
    if (!this.hasAttribute('inline')) sessionStorage.setItem(this.#openKey, open ? '1' : '0')
    if (open) log.scrollTop = log.scrollHeight
    if (byUser) (open ? input : launch).focus()
  }

  #say(text: string): boolean {
    const id = this.#connection?.say(text)
    if (!id) {
      this.#parts.state.textContent = this.#labels.full
      return false
    }
    this.#showOwn(id, text)
    const { log } = this.#parts
    log.scrollTop = log.scrollHeight
    return true
  }

  /** Before the server has it. */
  #showOwn(id: string, text: string): void {
    this.#show({ id, from: 'visitor', texts: [text], cards: [], at: Date.now() })
    this.#mark(id, this.#labels.sending)
  }

  #show(entry: ChatEntry): void {
    if (entry.from !== 'visitor') this.#typing(false)
    const { log, empty, more } = this.#parts
    const known = this.#entries.get(entry.id)
    if (known !== undefined) {
      this.#mark(entry.id, '')
      return
    }
    const follow = isAtEnd(log)
    empty.remove()
    const view = entryView(entry, this.#labels, (value) => this.#say(value))
    this.#entries.set(entry.id, view)
    // What waits to be sent stays the last.
    const waiting = entry.from === 'visitor' ? null : log.querySelector('.waiting')
    log.insertBefore(view, waiting)
    if (follow) log.scrollTop = log.scrollHeight
    else more.hidden = false
  }

  #mark(id: string, note: string, state = 'waiting'): void {
    const view = this.#entries.get(id)
    if (view === undefined) return
    view.querySelector('.note')?.remove()
    view.classList.remove('waiting', 'failed')
    if (note === '') return
    view.classList.add(state)
    view.append(make('span', 'note', note))
  }

  #typing(on: boolean): void {
    clearTimeout(this.#typingTimer)
    const { typing } = this.#parts
    typing.textContent = on ? this.#labels.typing : ''
    // A reply may never come (a person has taken over).
    if (on) this.#typingTimer = setTimeout(() => this.#typing(false), 20_000)
  }

  #online(on: boolean): void {
    const { state } = this.#parts
    state.textContent = on ? '' : this.#labels.offline
    state.classList.toggle('bad', !on)
  }

  /** The server's path. */
  get #base(): string {
    return this.getAttribute('src') || '/chat'
  }

  get #openKey(): string {
    return `typestead-chat-open:${this.#base}`
  }

  get #parts(): ChatView {
    if (this.#view === undefined) throw new Error('the chat is not on a page')
    return this.#view
  }
}

let shared: CSSStyleSheet | undefined

function sheet(): CSSStyleSheet {
  if (shared === undefined) {
    shared = new CSSStyleSheet()
    shared.replaceSync(style)
  }
  return shared
}

function readLabels(json: string | null): Partial<ChatLabels> {
  if (json === null) return {}
  try {
    return JSON.parse(json)
  } catch {
    console.warn('typestead-chat: "labels" is no JSON')
    return {}
  }
}

function isAtEnd(log: HTMLElement): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 40
}

if (!customElements.get('typestead-chat')) customElements.define('typestead-chat', TypesteadChat)
