/** `typestead nlu …`: the commands of `@typestead/nlu`, from where one is or from an app's installed packages. */
import { runMounted } from '../cli/mounted-command.ts'
import { loadNluCommands } from '../config/installed.ts'

/** @throws {TypesteadError} `PACKAGE_MISSING`, and what the command throws */
export async function nlu(args: readonly string[], exit: (code: number) => void): Promise<void> {
  const { nluCommand } = await loadNluCommands(process.cwd())
  await runMounted(nluCommand(exit), args)
}
