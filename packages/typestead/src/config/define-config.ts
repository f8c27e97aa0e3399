/** `defineConfig({ … })`: what an app tells Typestead, typed by its model; the default export of `typestead.config.ts`. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Entities, EntityLike, Model } from '@typestead/entity'
import type { Database, Source, Transactional } from '@typestead/store'
import type { BotsConfig } from '../bots/bots-config.ts'
import type { NluConfig } from '../nlu/nlu-config.ts'
import type { PlanConsumer } from '../plan/consumer.ts'
import type { Secrets } from './secrets.ts'

/** Who sent a request, as the rules of entities see them by `current('userId')` and `when({ role: … })`. */
export interface SignedIn {
  /** The key of the signed-in user; absent for who is not signed in, so that it equals nothing in a rule. */
  readonly userId?: string
  /** `anonymous` for who is not signed in. */
  readonly role: string
}

export interface AppLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What runs, as the parts of an app see it. */
export interface App<M extends Entities = Entities> {
  /** The open store, as the system: use `db.as(app.current(request))` for what someone may see. */
  readonly db: Database<Model<M>>
  readonly log: AppLog
  readonly secrets: Secrets
  /** Whether it was started by `start --production`. */
  readonly production: boolean
  /** The data folder. */
  readonly data: string
  /** Aborted when the app stops: end what streams. */
  readonly signal: AbortSignal
  /** Who sent a request that the app's server handed out. */
  current(request: Request): SignedIn
}

export type Handler = (request: Request) => Response | undefined | Promise<Response | undefined>

/** An API as `graphql(db, { … })` of `@typestead/graphql` makes it. */
export interface Api {
  handler(request: Request): Response | Promise<Response>
  /** The page for people, served at `/api/graphiql`. */
  graphiql?(request: Request): Response | Promise<Response>
  readonly sdl: string
  /** Operations over WebSocket, at `/api`; `request` is the one that `app.current` knows. */
  upgrade?(incoming: IncomingMessage, socket: Duplex, head: Buffer, request: Request): void
  /** Ends what streams, once the app is told to stop. */
  endSubscriptions?(): void
  /** How the latest operations were answered; the workbench shows them. */
  plans?(): readonly object[]
}

export interface SeedContext {
  /** Draws the progress: `done` of `total` are written. Throws when the start was interrupted. */
  progress(done: number, total: number, what?: string): void
  readonly secrets: Secrets
  readonly log: AppLog
}

export interface SignInConfig {
  /** The entity of those who sign in; its key is one field. */
  readonly user: EntityLike
  /** Its unique field that is typed in as the login. */
  readonly login: string
  /** Its field that holds what `hashPassword` of this package made. */
  readonly password: string
  /** Its field that holds the role; without it everyone who is signed in has the role `user`. */
  readonly role?: string
  /** Turns what was typed into the form in which logins are stored; white space at the ends is gone already. */
  readonly normalize?: (login: string) => string
}

export interface AppConfig<M extends Entities = Entities> {
  /** The app's name for people; by default that of its package.json. */
  readonly name?: string
  /** `defineModel({ … })`, with `Session` of this package in it where there is a `signIn`. */
  readonly model: Model<M>
  /** Where rows are kept. By default the server of `DATABASE_URL`, else embedded PostgreSQL in the data folder. */
  readonly source?: Source
  /** Fills an empty database. Runs in one transaction where the store has them: all of it is kept, or nothing. */
  readonly seed?: (db: Transactional, context: SeedContext) => Promise<void>
  /** Names of environment variables that the app reads by `app.secrets.get(name)`; generated where they are not set. */
  readonly secrets?: readonly string[]
  /** The API, served at `/api`. */
  readonly api?: (db: Database<Model<M>>, app: App<M>) => Api | Promise<Api>
  readonly signIn?: SignInConfig
  /** Answers what nothing else does, `/` included; `undefined` goes on to the pages, else is answered with 404. */
  readonly routes?: (app: App<M>) => Handler | Promise<Handler>
  /**
   * A folder of pages with an `index.html`, such as `./shop`, from the config's folder. It is built with the app's Vite
   * when its files have changed and served at `/`; where Vite is not installed its `dist` is served.
   */
  readonly pages?: string
  /** Understands sentences by models of its own, and answers Rasa's HTTP API at `/nlu`. */
  readonly nlu?: NluConfig
  /** Holds conversations: at `/lex` for clients of Amazon Lex, and on messengers. */
  readonly bots?: BotsConfig<M>
  /** Serves `/api/graphiql` in production too. Default false. */
  readonly graphiqlInProduction?: boolean
  /** The largest body of a request, in bytes; default 1,048,576. */
  readonly bodyBytes?: number
  /** What else follows from the model: named parts of `typestead plan`. */
  readonly plan?: readonly PlanConsumer[]
}

/** `export default defineConfig({ model, seed, api, … })` */
export function defineConfig<const M extends Entities>(config: AppConfig<M>): AppConfig<M> {
  return config
}
