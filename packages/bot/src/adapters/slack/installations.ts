/** Which workspaces installed the app, with the token of each. Tokens are secrets: a store keeps them, nothing prints them. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotError } from '../../bot-error.ts'
import { fields, text } from '../webhook-request.ts'

export interface SlackInstallation {
  /** The workspace (or organisation). */
  readonly team: string
  readonly teamName: string
  readonly token: string
  /** The app's user there. */
  readonly botUser: string
  readonly scopes: readonly string[]
  /** Milliseconds since 1970. */
  readonly installedAt: number
}

export interface InstallationStore {
  get(team: string): Promise<SlackInstallation | null>
  set(installation: SlackInstallation): Promise<void>
  delete(team: string): Promise<void>
}

/** In memory: for tests, and apps of one workspace. */
export function memoryInstallations(): InstallationStore {
  const kept = new Map<string, SlackInstallation>()
  return {
    get: async (team) => kept.get(team) ?? null,
    async set(installation) {
      kept.set(installation.team, installation)
    },
    async delete(team) {
      kept.delete(team)
    },
  }
}

/** A file for each workspace in a folder that only this user can read; each is replaced in one step. */
export function fileInstallations(folder: string): InstallationStore {
  const fileOf = (team: string) => {
    if (/^[A-Za-z0-9]{1,32}$/.test(team)) return join(folder, `${team}.json`)
    throw new BotError('BAD_INPUT', `"${team}" is no id of a Slack workspace`)
  }
  return {
    async get(team) {
      const file = fileOf(team)
      try {
        return readInstallation(JSON.parse(await readFile(file, 'utf8')), file)
      } catch (error) {
        if (fields(error).code === 'ENOENT') return null
        throw error
      }
    },
    async set(installation) {
      const file = fileOf(installation.team)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const next = `${file}.${randomBytes(6).toString('hex')}`
      await writeFile(next, JSON.stringify(installation), { mode: 0o600, flush: true })
      await chmod(next, 0o600)
      await rename(next, file)
    },
    delete: (team) => rm(fileOf(team), { force: true }),
  }
}

function readInstallation(value: unknown, file: string): SlackInstallation {
  const { team, teamName, token, botUser, scopes, installedAt } = fields(value)
  if (text(team) === '' || text(token) === '') {
    throw new BotError('BAD_INPUT', `${file} is no installation; remove it and install again`)
  }
  return {
    team: text(team),
    teamName: text(teamName),
    token: text(token),
    botUser: text(botUser),
    scopes: Array.isArray(scopes) ? scopes.map(text) : [],
    installedAt: typeof installedAt === 'number' ? installedAt : 0,
  }
}
