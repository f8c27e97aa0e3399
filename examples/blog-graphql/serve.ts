/** A web server around one handler, for this machine only: requests that name another host are refused. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'

export interface Running extends AsyncDisposable {
  readonly url: string
  /** Resolves when the process is told to stop. */
  readonly stopped: Promise<unknown>
}

type Handler = (request: Request) => Response | Promise<Response>

export async function serve(handler: Handler, port: number): Promise<Running> {
  const fetch = (request: Request) =>
    ours.test(request.headers.get('host') ?? '') ? handler(request) : refusal()
  const server = createAdaptorServer({ fetch })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // A listening server has an address of its own.
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    stopped: Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]),
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** A page of another site can lead its own name to this machine; its requests still carry that name. */
const ours = /^(localhost|127\.0\.0\.1)(:\d+)?$/

function refusal(): Response {
  return new Response('this server answers to 127.0.0.1 and localhost only\n', { status: 403 })
}
