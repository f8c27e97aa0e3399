/**
 * The log: JSON by pino, or one plain line an entry in a terminal. Fields whose names say that they hold secrets or
 * personal data are replaced, wherever a caller put them (two levels deep).
 */
import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'

export type { Logger }

const hidden = [
  ...['password', 'token', 'secret', 'authorization', 'cookie', 'set-cookie', 'login', 'email'],
  // A code may be a one-time code; those of errors are logged as `errorCode`.
  ...['phone', 'address', 'firstName', 'lastName', 'code', 'apiKey', 'connectionString'],
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`].map(bracketed))

/** pino's paths take names that are no identifiers in brackets. */
function bracketed(path: string): string {
  return path.replace(/\.?([a-z]+-[a-z]+)$/, '["$1"]')
}

export interface LogOptions {
  readonly level: string
  /** One plain line an entry; else JSON. */
  readonly pretty: boolean
}

export interface Log {
  readonly log: Logger
  /** Writes out what waits. */
  flush(): void
  /** Gives each entry, as JSON with its secrets hidden, to `listener` too. */
  listen(listener: (line: string) => void): void
}

export function createLog({ level, pretty }: LogOptions): Log {
  const listeners: ((line: string) => void)[] = []
  const listen = (listener: (line: string) => void) => void listeners.push(listener)
  const tee = (output: { write(line: string): unknown }) => ({
    write(line: string) {
      output.write(line)
      for (const listener of listeners) listener(line)
    },
  })
  if (pretty) {
    return { log: logTo(level, tee(plainLines(process.stdout))), flush: () => {}, listen }
  }
  // Lines are gathered, so that a busy server does not wait for who reads them.
  const output = pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 100 })
  return { log: logTo(level, tee(output)), flush: () => output.flushSync(), listen }
}

/** The log as JSON lines to where `output` writes. */
export function logTo(level: string, output: { write(line: string): unknown }): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      redact: { paths: hidden, censor: '[redacted]' },
      serializers: { error: plainError },
    },
    output,
  )
}

/** What an error says, without values that a driver may have attached to it. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  return {
    name: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' ? { errorCode: error.code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: plainError(error.cause) }),
  }
}

/** `12:03:04 info  GET /api 200 3 ms` */
function plainLines(output: NodeJS.WritableStream): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      output.write(plainLine(String(chunk)))
      done()
    },
  })
}

/** One entry of the JSON log for people. */
export function plainLine(entry: string): string {
  const { level, time, msg, error, ...rest }: Record<string, unknown> = JSON.parse(entry)
  const fields = Object.entries(rest)
    .filter(([name]) => name !== 'requestId')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const stack =
    typeof error === 'object' && error !== null && 'stack' in error ? `\n${error.stack}` : ''
  const clock = String(time).slice(11, 19)
  return `${[clock, String(level).padEnd(5), msg, ...fields].join(' ')}${stack}\n`
}
