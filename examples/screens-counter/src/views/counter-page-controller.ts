/** What belongs to one open page; made when the page opens, closed when it is left. */
import { PageController, type Scope } from '@typestead/screens'
import { CounterManager } from '../managers/counter-manager.ts'

export class CounterPageController extends PageController {
  readonly manager: CounterManager

  constructor(manager: CounterManager) {
    super()
    this.manager = manager
  }
}

export function counterPageBindings(scope: Scope): void {
  scope.lazyPut(CounterPageController, (s) => new CounterPageController(s.find(CounterManager)))
}
