/** @jsxImportSource @typestead/screens */
/** Help: the support bot, which answers questions about devices, services and orders. */
import { page } from '@typestead/screens'
import { Layout } from '../frame/layout.tsx'
import { helpRoute } from '../routes.ts'

export const helpPage = page({
  route: helpRoute,
  title: 'Help',
  view: () => (
    <Layout class="narrow">
      <h1>Help</h1>
      <p>
        Tell us what does not work: a device, a service, or an order. Say “talk to a person” at any
        time.
      </p>
      <div class="help-chat" ref={openChat} />
    </Layout>
  ),
})

/** An element of the server's, which brings its own looks. */
function openChat(place: HTMLElement): void {
  const chat = document.createElement('typestead-chat')
  chat.setAttribute('src', '/chat/Support')
  chat.setAttribute('heading', 'Support')
  chat.setAttribute('inline', '')
  place.append(chat)
}
