/**
 * Calls a handler as Lambda does: `(event, context, callback)`, answered by the callback, a promise, or the context's succeed, fail
 * and done. The first answer counts; each later one is a warning. Knows no time limit: whoever calls has one.
 */

/** What Lambda hands to a handler beside its event. */
export interface LambdaContext {
  readonly functionName: string
  readonly functionVersion: string
  readonly invokedFunctionArn: string
  readonly memoryLimitInMB: string
  readonly awsRequestId: string
  readonly logGroupName: string
  readonly logStreamName: string
  /** May be set; without effect here. */
  callbackWaitsForEmptyEventLoop: boolean
  getRemainingTimeInMillis(): number
  done(error?: unknown, value?: unknown): void
  succeed(value?: unknown): void
  fail(error?: unknown): void
}

export type LambdaCallback = (error?: unknown, value?: unknown) => void

export type LambdaHandler = (
  // Lambda's events are whatever the handler's author says they are.
  // biome-ignore lint/suspicious/noExplicitAny: a handler declares its own event type
  event: any,
  context: LambdaContext,
  callback: LambdaCallback,
) => unknown

export interface LambdaCall {
  readonly name: string
  readonly arn: string
  readonly requestId: string
  readonly memoryMb: number
  /** Milliseconds since 1970. */
  readonly deadline: number
  readonly clock: () => number
  readonly warn: (message: string) => void
}

/**
 * @returns what the handler answered; never settles for one that never does
 * @throws what it threw, rejected with or called back with
 */
export function invokeLambda(
  handler: LambdaHandler,
  event: unknown,
  call: LambdaCall,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let answered: string | undefined
    const once = (by: string, settle: () => void): void => {
      if (answered === undefined) settle()
      else
        call.warn(
          `"${call.name}" answered again by ${by}; the first answer, by ${answered}, counts`,
        )
      answered ??= by
    }
    const answer = (by: string, error: unknown, value: unknown): void =>
      once(by, () => (isError(error) ? reject(error) : resolve(value)))
    let returned: unknown
    try {
      returned = handler(event, contextOf(call, answer), (error, value) =>
        answer('callback', error, value),
      )
    } catch (error) {
      once('throwing', () => reject(error))
      return
    }
    if (isThenable(returned)) {
      returned.then(
        (value) => {
          // A handler may call back and be async; then its promise has nothing to say.
          if (answered === undefined || value !== undefined) once('promise', () => resolve(value))
        },
        (error: unknown) => once('rejecting', () => reject(error)),
      )
    } else if (returned !== undefined && answered === undefined) {
      call.warn(
        `"${call.name}" returned a value, which is no answer; make it async, or call back with the value`,
      )
    }
  })
}

function contextOf(
  call: LambdaCall,
  answer: (by: string, error: unknown, value: unknown) => void,
): LambdaContext {
  return {
    functionName: call.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: call.arn,
    memoryLimitInMB: String(call.memoryMb),
    awsRequestId: call.requestId,
    logGroupName: `/aws/lambda/${call.name}`,
    logStreamName: call.requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, call.deadline - call.clock()),
    done: (error, value) => answer('context.done', error, value),
    succeed: (value) => answer('context.succeed', undefined, value),
    fail: (error) => answer('context.fail', error ?? new Error('context.fail()'), undefined),
  }
}

/** As Lambda: null and undefined are no errors. */
function isError(error: unknown): boolean {
  return error !== null && error !== undefined
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}
