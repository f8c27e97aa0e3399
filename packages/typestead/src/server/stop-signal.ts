/** SIGTERM, SIGINT and SIGHUP (the terminal is gone): the first ends the process cleanly, a second one at once. What no one caught ends it with 1. */
import { constants } from 'node:os'

export interface StopSignal extends Disposable {
  /** Aborted by the first signal, or by `stop`. */
  readonly signal: AbortSignal
  /** The exit code; an error that no one caught is thrown. */
  readonly stopped: Promise<number>
  stop(): void
}

const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

export function stopSignal(): StopSignal {
  const controller = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  // Who waits for it may not do so yet.
  promise.catch(() => {})
  const stop = () => {
    controller.abort()
    resolve(0)
  }
  const onSignal = (name: (typeof names)[number]) => {
    if (controller.signal.aborted) process.exit(128 + constants.signals[name])
    stop()
  }
  const onError = (error: unknown) => {
    controller.abort()
    reject(error)
  }
  for (const name of names) process.on(name, onSignal)
  process.on('uncaughtException', onError)
  process.on('unhandledRejection', onError)
  return {
    signal: controller.signal,
    stopped: promise,
    stop,
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal)
      process.off('uncaughtException', onError)
      process.off('unhandledRejection', onError)
    },
  }
}
