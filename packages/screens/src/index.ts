/** The core: state, events, operators, scopes, routes. Runs in browsers, workers and Node; knows no DOM. */
export { type ValuesOptions, valuesOf } from './async-values.ts'
export { cell, computed, isReadable, reaction, toReadable, type ValueOptions } from './cell.ts'
export { combineLatest, merge, replay, switchMap } from './combining-operators.ts'
export { ScreensError, type ScreensErrorCode } from './errors.ts'
export { type Connect, EventStream, type Events, stream } from './event-stream.ts'
export { browserHistory, type HistoryPort, type MemoryHistory, memoryHistory } from './history.ts'
export { LifeCycle, Manager, type Ownable, PageController } from './lifecycle.ts'
export {
  fromAsyncIterable,
  fromChannel,
  fromObservable,
  type ObservableLike,
  type ReceivingChannel,
  type SendingChannel,
  toChannel,
} from './observable-interop.ts'
export { onDispose, runOwned } from './owner.ts'
export {
  lazyPage,
  type NavigateOptions,
  type NavigationResult,
  type Page,
  type PageFailure,
  type PageOptions,
  type PageProps,
  page,
} from './page.ts'
export { type Query, type QueryInput, QueryParameter, type QueryValues, q } from './query.ts'
export { batch, flush, untracked } from './reactive-graph.ts'
export { type Resource, type ResourceOptions, resource } from './resource.ts'
export { type Route, type RouteMatch, type RouteParameters, route } from './route-pattern.ts'
export { type Key, type PutOptions, Scope, type ScopeOptions, type Token, token } from './scope.ts'
export { selector } from './selector.ts'
export type { Cell, Cleanup, Listener, Observer, Readable, Source, Subscription } from './stream.ts'
export {
  buffer,
  distinct,
  filter,
  latest,
  map,
  pairwise,
  scan,
  skip,
  startWith,
  take,
} from './stream-operators.ts'
export { Supervisor, startSupervisor, supervisorKey } from './supervisor.ts'
export { debounce, delay, sample, throttle } from './time-operators.ts'
export { ever, interval, once } from './workers.ts'
