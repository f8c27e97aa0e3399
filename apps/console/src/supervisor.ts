/** Registers what lives as long as the console. Errors that no page handles are told in the shell. */
import { type Cell, cell, type Scope, Supervisor } from '@typestead/screens'
import { PreferencesManager } from '@typestead/screens/managers'
import { panels } from './panels.ts'
import { LiveManager } from './server/live-manager.ts'
import { ServerManager } from './server/server-manager.ts'

export class ConsoleSupervisor extends Supervisor {
  /** The last error that nothing nearer handled. */
  readonly failure: Cell<unknown> = cell<unknown>(undefined)

  #scope: Scope | undefined

  /** The running app as it goes; there once the supervisor was started. */
  get live(): LiveManager {
    if (this.#scope === undefined) throw new Error('the supervisor was not started')
    return this.#scope.find(LiveManager)
  }

  register(scope: Scope): void {
    this.#scope = scope
    scope.lazyPut(ServerManager, () => new ServerManager())
    scope.lazyPut(LiveManager, () => new LiveManager())
    scope.lazyPut(PreferencesManager, () => new PreferencesManager('typestead.console'))
    for (const { register } of panels) register?.(scope)
  }

  override onError(error: unknown): void {
    this.failure.set(error)
    super.onError(error)
  }
}
