/** A running tiny app as its tests use it: requests that follow no redirect, signing in, a change that a rule guards. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningApp, startApp } from './command.ts'
import { tinyApp } from './tiny-app.ts'

export interface TinyClient extends AsyncDisposable {
  readonly running: RunningApp
  /** The generated one of `ann@example.com`, an admin. */
  readonly password: string
  send(path: string, init?: RequestInit): Promise<Response>
  signIn(login: string, typed: string, headers?: Record<string, string>): Promise<Response>
  /** The cookie of a new session of the admin. */
  adminCookie(headers?: Record<string, string>): Promise<string>
  /** Renames a post, which only its author and admins may. */
  renamePost(headers: Record<string, string>): Promise<Response>
}

export async function tinyClient(): Promise<TinyClient> {
  const app = tinyApp()
  const running = await startApp(app.folder)
  const file = readFileSync(join(app.folder, '.typestead/secrets.json'), 'utf8')
  const client: TinyClient = {
    running,
    password: JSON.parse(file).ADMIN_PASSWORD,
    send: (path, init = {}) =>
      fetch(`${running.application}${path}`, { redirect: 'manual', ...init }),
    signIn: (login, typed, headers = {}) =>
      client.send('/sessions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ login, password: typed }),
      }),
    async adminCookie(headers = {}) {
      const response = await client.signIn('ann@example.com', client.password, headers)
      if (response.status !== 201)
        throw new Error(`signing in was answered with ${response.status}`)
      return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    },
    async renamePost(headers) {
      const { data } = await (await running.ask('{ posts(first: 1) { nodes { id } } }')).json()
      const { id } = data.posts.nodes[0]
      return running.ask(
        `mutation { updatePost(id: "${id}", data: { title: "Renamed" }) { title } }`,
        headers,
      )
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      app[Symbol.dispose]()
    },
  }
  return client
}
