/** Runs one command: its exit code comes back, and what failed is on stderr as one plain message with its code. */
import { CommanderError } from 'commander'
import { exitCodes } from '../exit-code.ts'
import { TypesteadError } from '../typestead-error.ts'
import { program } from './program.ts'

/** @param args without the names of node and the program */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok
  const command = program((exitCode) => {
    code = exitCode
  })
  try {
    await command.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    // Commander has printed its own message, and help as far as it was asked for.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    process.stderr.write(`${describeError(error, isVerbose(args))}\n`)
    return error instanceof TypesteadError ? error.exitCode : exitCodeOf(error)
  }
}

/** `typestead: <message> (CODE)`; the stack and the causes only where they were asked for. */
export function describeError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return `typestead: ${String(error)}`
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  const message = error.message === '' ? error.name : error.message
  const plain = `typestead: ${message}${code}`
  if (!verbose) return plain
  return `${plain}\n${stackOf(error)}`
}

function stackOf(error: Error): string {
  const stack = error.stack ?? ''
  return error.cause instanceof Error ? `${stack}\ncaused by: ${stackOf(error.cause)}` : stack
}

/** The store's own refusals have the exit codes of ours. */
function exitCodeOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'MIGRATION_PENDING') return exitCodes.migrationsPending
  return code === 'MIGRATION_REFUSED' ? exitCodes.refused : exitCodes.error
}

function isVerbose(args: readonly string[]): boolean {
  return args.includes('--verbose') || (process.env.DEBUG ?? '') !== ''
}
