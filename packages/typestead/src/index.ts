/** What an app takes from Typestead itself: see the README of this package. */
export {
  type Api,
  type App,
  type AppConfig,
  type AppLog,
  defineConfig,
  type Handler,
  type SeedContext,
  type SignedIn,
  type SignInConfig,
} from './config/define-config.ts'
export type { Secrets } from './config/secrets.ts'
export type { PlanConsumer, PlanContext, PlanEffect, Severity } from './plan/consumer.ts'
export { hashPassword, verifyPassword } from './sign-in/password.ts'
export { Session } from './sign-in/session.ts'
export { TypesteadError, type TypesteadErrorCode } from './typestead-error.ts'
