/** The one-thread part: channels, goroutines, select, sync, context, timers. Runs in browsers and under Node. */
export type { Chan, Received, RecvChan, SendChan } from './chan.ts'
export {
  any,
  bool,
  chanOf,
  type Element,
  error,
  float64,
  int,
  int32,
  int64,
  pointer,
  string,
  struct,
  unit,
} from './element.ts'
export type { Goroutine, GoroutineState, Lane, WaitReason } from './goroutine.ts'
export { chanType, type HchanView, inspect, type SudogView } from './inspect.ts'
export { inspectChannels, watchChannels } from './inspect-channels.ts'
export { type GoroutineView, inspectScheduler, type SchedulerView } from './inspect-scheduler.ts'
export { type LeakReport, type LeakWatch, watchLeaks } from './leaks.ts'
export { type ChanOptions, cap, len, makeChan } from './make-chan.ts'
export { nilChan } from './nil-channel.ts'
export { type FatalCode, FatalError, Panic, type PanicCode } from './panic.ts'
export { receiveOr } from './receive-or.ts'
export { type RunOptions, run } from './run.ts'
export { go, gosched, numGoroutine } from './scheduler.ts'
export { type SelectResult, select } from './select.ts'
export {
  otherwise,
  type RecvCase,
  recv,
  type SelectCase,
  type SendCase,
  send,
} from './select-case.ts'
export { pick, type Selector, selector } from './selector.ts'
export { Cond } from './sync/cond.ts'
export { ErrGroup } from './sync/err-group.ts'
export { type Locker, Mutex } from './sync/mutex.ts'
export { Once, onceFunc, onceValue } from './sync/once.ts'
export { RWMutex } from './sync/rw-mutex.ts'
export { Semaphore } from './sync/semaphore.ts'
export { WaitGroup } from './sync/wait-group.ts'
export { type Clock, hostClock, ManualClock, setClock } from './time/clock.ts'
export {
  background,
  type CancelCause,
  type CancelFunc,
  type Context,
  ContextError,
  canceled,
  cause,
  contextAfterFunc,
  deadlineExceeded,
  todo,
  withCancel,
  withCancelCause,
  withDeadline,
  withoutCancel,
  withSignal,
  withTimeout,
  withValue,
} from './time/context.ts'
export {
  after,
  afterFunc,
  newTicker,
  newTimer,
  sleep,
  Ticker,
  Timer,
  tick,
} from './time/timers.ts'
export { type TraceEvent, type TraceListener, trace } from './tracker.ts'
export { until } from './until.ts'
