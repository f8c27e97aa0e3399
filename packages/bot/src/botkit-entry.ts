/** `@typestead/bot/botkit`: the controller, for `import` and for `require`. */
export type { BotWorker, HearHandler } from './botkit/bot-worker.ts'
export type {
  BotkitMessage,
  BotkitReply,
  BotkitReplyFields,
  Ears,
} from './botkit/botkit-message.ts'
export type { Conversation } from './botkit/conversation.ts'
export { type BotkitStorage, jsonStorage, memoryStorage } from './botkit/json-storage.ts'
export type { Middleware, Next } from './botkit/middleware.ts'
export { type RasaMiddleware, type RasaOptions, rasa } from './botkit/rasa.ts'
export { type SlackbotConfig, SlackController, slackbot } from './botkit/slackbot.ts'
