/** The bot of each workspace: made from its record, which is made when the workspace first speaks and its token is known. */
import type { InstallationStore } from '../adapters/slack/installations.ts'
import type { SlackWeb } from '../adapters/slack/slack-web.ts'
import { fields, text } from '../adapters/webhook-request.ts'
import { BotError } from '../bot-error.ts'
import type { BotWorker } from './bot-worker.ts'
import type { StoragePart } from './json-storage.ts'

export interface TeamIdentity {
  readonly team: string
  readonly teamName: string
  readonly user: string
  readonly token: string
}

export interface TeamBotsOptions {
  readonly web: SlackWeb
  readonly teams: StoragePart
  /** Of the one workspace that did not install by OAuth. */
  readonly token: string | undefined
  readonly make: (identity: TeamIdentity) => BotWorker
}

const mostKept = 1_000

export class TeamBots {
  readonly web: SlackWeb
  readonly #options: TeamBotsOptions
  readonly #bots = new Map<string, Promise<BotWorker>>()

  constructor(options: TeamBotsOptions) {
    this.web = options.web
    this.#options = options
  }

  /** @throws {BotError} FORBIDDEN when the workspace has no token here */
  of(team: string): Promise<BotWorker> {
    const known = this.#bots.get(team)
    if (known !== undefined) return known
    const made = this.#make(team)
    this.#keep(team, made)
    return made
  }

  async spawn(token: string): Promise<BotWorker> {
    const identity = await this.#identify(token)
    const bot = this.#options.make(identity)
    await this.#record(identity, false)
    this.#keep(identity.team, Promise.resolve(bot))
    return bot
  }

  /** Team records as the store of installations by OAuth. */
  get installations(): InstallationStore {
    const { teams } = this.#options
    return {
      get: async () => null,
      set: async ({ team, teamName, token, botUser, scopes, installedAt }) => {
        this.#bots.delete(team)
        const bot = { token, user_id: botUser, scopes, installedAt }
        await teams.save({ ...(await teams.get(team)), id: team, name: teamName, bot })
      },
      delete: async (team) => {
        this.#bots.delete(team)
        await teams.delete(team)
      },
    }
  }

  async #make(team: string): Promise<BotWorker> {
    const { teams, token, make } = this.#options
    const record = await teams.get(team)
    const bot = fields(record?.bot)
    if (text(bot.token) !== '') {
      return make({
        team,
        teamName: text(record?.name),
        user: text(bot.user_id),
        token: text(bot.token),
      })
    }
    if (token === undefined || token === '') {
      throw new BotError(
        'FORBIDDEN',
        `there is no token of the Slack workspace ${team}: set SLACK_BOT_TOKEN, or let it install the app (createOauthEndpoints, /login)`,
      )
    }
    const identity = await this.#identify(token)
    if (identity.team !== team) {
      throw new BotError(
        'FORBIDDEN',
        `SLACK_BOT_TOKEN is not of the Slack workspace ${team}, which sent this`,
      )
    }
    await this.#record(identity, false)
    return make(identity)
  }

  async #identify(token: string): Promise<TeamIdentity> {
    const found = await this.web.call(token, 'auth.test', {}, AbortSignal.timeout(20_000))
    return {
      team: text(found.team_id),
      teamName: text(found.team),
      user: text(found.user_id),
      token,
    }
  }

  /** A token that stands in the environment is not written to disk as well. */
  async #record({ team, teamName, user, token }: TeamIdentity, withToken: boolean): Promise<void> {
    const { teams } = this.#options
    const before = await teams.get(team)
    const bot = { ...fields(before?.bot), user_id: user, ...(withToken ? { token } : {}) }
    await teams.save({ ...before, id: team, name: teamName, bot })
  }

  #keep(team: string, bot: Promise<BotWorker>): void {
    this.#bots.set(team, bot)
    bot.catch(() => this.#bots.delete(team))
    for (const oldest of this.#bots.keys()) {
      if (this.#bots.size <= mostKept) break
      this.#bots.delete(oldest)
    }
  }
}
