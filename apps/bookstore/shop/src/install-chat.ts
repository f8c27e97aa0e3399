/** The chat in the corner of every page, with the bot that sells books. The server brings it; without the server there is none. */
export function installChat(): void {
  const script = document.createElement('script')
  script.type = 'module'
  script.src = '/chat/widget.js'
  const chat = document.createElement('typestead-chat')
  chat.setAttribute('src', '/chat')
  chat.setAttribute('heading', 'Order a book')
  script.addEventListener('load', () => document.body.append(chat), { once: true })
  document.head.append(script)
}
