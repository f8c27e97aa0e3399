/** `typestead bot …`: the commands of `@typestead/bot`, from where one is or from an app's installed packages. */
import { runMounted } from '../cli/mounted-command.ts'
import { loadBotCommands } from '../config/installed.ts'

/** @throws {TypesteadError} `PACKAGE_MISSING`, and what the command throws */
export async function bot(args: readonly string[], exit: (code: number) => void): Promise<void> {
  const { botCommand } = await loadBotCommands(process.cwd())
  await runMounted(botCommand(exit), args)
}
