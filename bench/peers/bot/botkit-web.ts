/**
 * Botkit 4 with its web adapter, in production settings: one phrase heard begins a dialogue that asks for a value. It verifies nothing. Its web server is the one
 * that it makes itself, made here because that would listen on all addresses.
 */
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { WebAdapter } from 'botbuilder-adapter-web'
import { Botkit, BotkitConversation } from 'botkit'
import type { BenchMaker } from '../../measure.ts'

type Express = () => RequestListener & { use(middleware: unknown): void }

/** Its sockets hang on the server that is made below. */
class Adapter extends WebAdapter {
  override init(): void {}
}

export const bench: BenchMaker = async () => {
  process.env.NODE_ENV = 'production'
  const load = createRequire(createRequire(import.meta.url).resolve('botkit'))
  // Botkit's own express 4 and body-parser, as its core.js uses them.
  const webserver = (load('express') as Express)()
  const bodies = load('body-parser') as { json(o: object): unknown; urlencoded(o: object): unknown }
  webserver.use(bodies.json({ limit: '100kb' }))
  webserver.use(bodies.urlencoded({ limit: '100kb', extended: true }))
  const adapter = new Adapter({})
  const controller = new Botkit({
    adapter,
    webhook_uri: '/api/messages',
    webserver,
    disable_console: true,
  })
  const order = new BotkitConversation('order', controller)
  order.ask('What type of book?', async () => {}, 'bookType')
  order.say('Ordered.')
  controller.addDialog(order)
  controller.hears('order', 'message', async (bot) => {
    await bot.beginDialog('order')
  })
  await new Promise<void>((resolve) => controller.ready(resolve))
  const server = createServer(webserver)
  adapter.createSocketServer(server, {}, controller.handleTurn.bind(controller))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}#botkit`,
    async [Symbol.asyncDispose]() {
      await controller.shutdown()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
