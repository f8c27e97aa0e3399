/** The public names of this package. */
export { BotError, type BotErrorCode, type BotIssue } from './bot-error.ts'
