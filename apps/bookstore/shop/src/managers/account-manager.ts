/** Who is signed in: read from the server when the shop opens, and whenever its page comes to the front. */
import { cell, computed, flush, Manager, reaction } from '@typestead/screens'
import type { AppStateManager } from '@typestead/screens/managers'
import { meDocument, type User } from '../api/answers.ts'
import { codeOf } from '../api/failure.ts'
import type { ServerManager } from './server-manager.ts'

export class AccountManager extends Manager {
  readonly #server: ServerManager
  readonly #appState: AppStateManager
  readonly #user = cell<User | null | undefined>(undefined, {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  })
  /** Undefined until it is known, null for nobody. */
  readonly user = this.#user.readonly()
  readonly isAdmin = computed(() => this.user.value?.role === 'admin')

  constructor(server: ServerManager, appState: AppStateManager) {
    super()
    this.#server = server
    this.#appState = appState
  }

  protected override onInit(): void {
    // Another tab may have signed in or out meanwhile.
    reaction(() => {
      this.#server.returns.value
      if (this.#appState.visible.value) void this.#read()
    })
  }

  /** @throws {Error} with the server's words where it is refused */
  async signIn(login: string, password: string): Promise<void> {
    const response = await this.#server.fetch('/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ login, password }),
      signal: this.signal,
    })
    if (!response.ok) throw new Error(await refusalOf(response))
    await this.#read()
  }

  async signOut(): Promise<void> {
    const response = await this.#server.fetch('/sessions', {
      method: 'DELETE',
      headers: { accept: 'application/json' },
      signal: this.signal,
    })
    if (!response.ok) throw new Error(await refusalOf(response))
    this.#user.set(null)
    flush()
  }

  /** Reads again who is signed in, where an answer says that nobody is. */
  recheck(error: unknown): void {
    if (codeOf(error) === 'UNAUTHENTICATED') void this.#read()
  }

  async refresh(): Promise<void> {
    await this.#read()
  }

  async #read(): Promise<void> {
    try {
      const { me } = await this.#server.client.request(meDocument, {}, { signal: this.signal })
      this.#user.set(me)
    } catch {
      // The server manager says that it is away, and this is read again when it is back.
    }
    flush()
  }
}

/** The message of an answer that is no success. */
async function refusalOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined)
  const error = (body as { readonly error?: { readonly message?: unknown } } | undefined)?.error
  return typeof error?.message === 'string'
    ? error.message
    : `The shop answered ${response.status}.`
}
