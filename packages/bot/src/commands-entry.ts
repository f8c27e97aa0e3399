/** `@typestead/bot/commands`: the commands, for a command line to mount. */
export { botCommand } from './commands/command-line.ts'
export * from './commands/commands.ts'
