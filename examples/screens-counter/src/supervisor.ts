/** Registers the managers; each is made once, when it is first found, and closed with the app. */
import { type Scope, Supervisor } from '@typestead/screens'
import { PreferencesManager } from '@typestead/screens/managers'
import { CounterManager } from './managers/counter-manager.ts'

export class AppSupervisor extends Supervisor {
  register(scope: Scope): void {
    scope.lazyPut(PreferencesManager, () => new PreferencesManager('screens-counter'))
    scope.lazyPut(CounterManager, (s) => new CounterManager(s.find(PreferencesManager)))
  }
}
