/** The public names of this package. */

export type {
  Adapter,
  IncomingMessage,
  OutgoingMessage,
  Receiver,
  UpgradeHandler,
} from './adapters/adapter.ts'
export { type MessengerOptions, messenger } from './adapters/messenger/messenger.ts'
export { replyText } from './adapters/reply-text.ts'
export {
  fileInstallations,
  type InstallationStore,
  memoryInstallations,
  type SlackInstallation,
} from './adapters/slack/installations.ts'
export { type SlackOptions, slack } from './adapters/slack/slack.ts'
export type { SlackOAuthOptions, StateStore } from './adapters/slack/slack-oauth.ts'
export { signSlackRequest } from './adapters/slack/slack-signature.ts'
export { type WebhookOptions, webhook } from './adapters/template.ts'
export { type Terminal, type TerminalOptions, terminal } from './adapters/terminal/terminal.ts'
export { type TwilioSmsOptions, twilioSms } from './adapters/twilio-sms/twilio-sms.ts'
export type { Mailbox, MailboxEntry, NumberedEntry } from './adapters/web-chat/mailbox.ts'
export {
  type ChatLimits,
  type Identified,
  type WebChatOptions,
  webChat,
} from './adapters/web-chat/web-chat.ts'
export { BotError, type BotErrorCode, type BotIssue } from './bot-error.ts'
export type {
  DialogueEvent,
  HookReturned,
  SaidEvent,
  SessionPut,
} from './dialogue/dialogue-event.ts'
export type { Effect, Reply, StepResult, TurnFailure } from './dialogue/effect.ts'
export { type NewSession, newSession } from './dialogue/new-session.ts'
export type {
  ActiveContext,
  ActiveIntent,
  DialogState,
  Said,
  Session,
  SlotValue,
} from './dialogue/session.ts'
export { step } from './dialogue/step.ts'
export type {
  HookAction,
  HookAnswer,
  HookCall,
  HookDuring,
  HookResult,
  HookRunner,
  TransactionalWork,
} from './hooks/hook-contract.ts'
export {
  type HookRegistry,
  type HookRegistryOptions,
  hookRegistry,
} from './hooks/hook-registry.ts'
export type { LambdaCallback, LambdaContext, LambdaHandler } from './hooks/invoke-lambda.ts'
export { type LambdaEvent, type LambdaOptions, type LambdaRef, lambda } from './hooks/lambda-ref.ts'
export type { Say, SlotValues, TransactionHost, Turn, TurnAnswer, TurnHook } from './hooks/turn.ts'
export { type AcceptHttp2Options, acceptHttp2, type Http2Connections } from './lex/accept-http2.ts'
export { type ExportedBot, type ExportV1Options, exportV1 } from './lex/archive/export-v1.ts'
export { type ExportV2Options, exportV2 } from './lex/archive/export-v2.ts'
export {
  type ImportedBot,
  type ImportOptions,
  importArchive,
} from './lex/archive/import-archive.ts'
export type { ArchiveLimits } from './lex/archive/zip-files.ts'
export { type LexApiOptions, type LexHandler, lexApi } from './lex/lex-api.ts'
export type { LexService, Transcriber } from './lex/lex-context.ts'
export { type LexServer, type ServeLexOptions, serveLex } from './lex/serve-lex.ts'
export type { LexCredentials } from './lex/signature.ts'
export type {
  BotModel,
  CardAttachment,
  IntentModel,
  LocaleModel,
  Message,
  PromptModel,
  ResponseCard,
  SlotModel,
  SlotTypeModel,
} from './model/bot-model.ts'
export { checkModel } from './model/check-model.ts'
export { type CompiledBot, canonicalJson, compileBot, sealModel } from './model/compile-bot.ts'
export { defaultPhrases } from './model/default-phrases.ts'
export {
  type Asking,
  type BotDefinition,
  type ConfirmationDefinition,
  defineBot,
  type HookDefinition,
  type IntentDefinition,
  type LocaleDefinition,
  type SlotDefinition,
  type SlotTypeDefinition,
  type StatementDefinition,
  type Wording,
  type Words,
} from './model/define-bot.ts'
export { type DrawBotOptions, drawBot } from './picture/draw-bot.ts'
export { type DrawConversationOptions, drawConversation } from './picture/draw-conversation.ts'
export type { BotHooks, BotsOptions } from './service/bots-options.ts'
export { conversationId } from './service/kept/conversation-id.ts'
export type { StoreDatabase } from './service/kept/keep-turn.ts'
export { openBots } from './service/open-bots.ts'
export type {
  BotAlias,
  BotService,
  BotSummary,
  BuildOptions,
  BuiltBot,
  ConversationFilter,
  ConversationPage,
  ConversationSummary,
  Forgotten,
  Happening,
  PublishedVersion,
  PublishOptions,
  SessionKey,
  Transcript,
  TranscriptTurn,
  TurnRequest,
  TurnResult,
  WhomToForget,
} from './service/service-contract.ts'
export {
  type BuiltinKind,
  type BuiltinSlotType,
  builtinSlotType,
  builtinSlotTypes,
  v1SlotTypeName,
} from './slot-types/builtin-slot-types.ts'
export { runTranscript, type TranscriptTarget } from './transcripts/run-transcript.ts'
export {
  maskPersonal,
  type ToTranscriptOptions,
  toTranscript,
} from './transcripts/to-transcript.ts'
export {
  type PersonTurn,
  parseTranscript,
  type ScriptedTurn,
  type TranscriptFile,
  writeTranscript,
} from './transcripts/transcript-file.ts'
export { type AssistedOptions, assisted } from './understanding/assisted.ts'
export { type Cassette, type CassetteOptions, cassette } from './understanding/cassette.ts'
export {
  type AiProviderModel,
  aiProvider,
  type LanguageModel,
  type LanguageModelRequest,
  type OpenAiCompatibleOptions,
  openAiCompatible,
} from './understanding/language-model.ts'
export {
  type NluUnderstander,
  type NluUnderstandingOptions,
  nluUnderstanding,
} from './understanding/nlu-understanding.ts'
export {
  type RasaUnderstandingOptions,
  rasaUnderstanding,
} from './understanding/rasa-understanding.ts'
export type {
  PrepareOptions,
  Understander,
  Understanding,
  UnderstandRequest,
  UnderstoodEntity,
  UnderstoodIntent,
} from './understanding/understanding.ts'
