/**
 * The supervisor wraps the app: it registers the managers, gives them to whoever asks, hears of every error that no page
 * handles, and closes all of it.
 */
import { LifeCycle } from './lifecycle.ts'
import { Scope, type ScopeOptions, token } from './scope.ts'

export abstract class Supervisor extends LifeCycle {
  /** Registers the app's managers: `s.lazyPut(CounterManager, () => new CounterManager())`. */
  abstract register(scope: Scope): void

  /** An error of a reaction, a life cycle or a page that nothing nearer handled; reported to the host by default. */
  onError(error: unknown): void {
    reportError(error)
  }
}

/** Finds the supervisor of the app. */
export const supervisorKey = token<Supervisor>('Supervisor')

/**
 * The app's scope: managers are registered, and the supervisor's `onInit` (where it may find some early) has been
 * awaited with all they began.
 */
export async function startSupervisor(
  supervisor: Supervisor,
  options: Pick<ScopeOptions, 'closeLimitMs'> = {},
): Promise<Scope> {
  const scope = new Scope('the app', { ...options, onError: (error) => supervisor.onError(error) })
  try {
    supervisor.register(scope)
    scope.put(supervisorKey, supervisor)
    await scope.ready()
  } catch (error) {
    await scope.close()
    throw error
  }
  return scope
}
