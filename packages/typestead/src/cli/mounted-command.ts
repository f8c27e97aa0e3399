/** Runs the commands that a package brings, as `typestead nlu …` and `typestead bot …` are. */
import { type Command, CommanderError } from 'commander'

/** @throws what the command throws */
export async function runMounted(command: Command, args: readonly string[]): Promise<void> {
  command.exitOverride().showHelpAfterError('(add --help for the options)')
  for (const child of command.commands) child.exitOverride().showHelpAfterError()
  try {
    await command.parseAsync([...args], { from: 'user' })
  } catch (error) {
    // The package may have a commander of its own, whose errors this command line would not know.
    if (!isCommanderError(error)) throw error
    throw new CommanderError(error.exitCode, error.code, error.message)
  }
}

function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && 'exitCode' in error && error.name === 'CommanderError'
}
