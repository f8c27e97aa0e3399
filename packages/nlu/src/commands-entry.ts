export { nluCommand } from './command-line.ts'
export * from './commands.ts'
