/** `typestead nlu …`: the commands of `@typestead/nlu`, from where one is or from an app's installed packages. */
import { CommanderError } from 'commander'
import { loadNluCommands } from '../config/installed.ts'

/** @throws {TypesteadError} `PACKAGE_MISSING`, and what the command throws */
export async function nlu(args: readonly string[], exit: (code: number) => void): Promise<void> {
  const { nluCommand } = await loadNluCommands(process.cwd())
  const command = nluCommand(exit).exitOverride().showHelpAfterError('(add --help for the options)')
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
