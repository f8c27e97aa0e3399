/** Records in files, and workspaces that are installed. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type OpenedController, openController } from '../../test/botkit/controller.ts'
import { botUser, slackEvent } from '../../test/fakes/slack.ts'
import { jsonStorage } from './json-storage.ts'
import type { SlackbotConfig } from './slackbot.ts'

const opened: OpenedController[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]()
})

async function open(config: Partial<SlackbotConfig> = {}): Promise<OpenedController> {
  const one = await openController(config)
  opened.push(one)
  return one
}

describe('storage', () => {
  test('records in files of this user alone, whatever their ids', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'botkit-'))
    try {
      const { users, teams } = jsonStorage(folder)
      const id = '../../etc/passwd'
      await users.save({ id, name: 'Ann' })
      const got = await new Promise(
        (resolve) => void users.get(id, (_error, record) => resolve(record)),
      )
      expect(got).toEqual({ id, name: 'Ann' })
      const [file] = await readdir(join(folder, 'users'))
      expect((await stat(join(folder, 'users', file ?? ''))).mode & 0o777).toBe(0o600)
      expect(await users.all()).toEqual([{ id, name: 'Ann' }])
      expect([await teams.get('T9'), await teams.all()]).toEqual([null, []])
      await users.delete(id)
      expect(await users.get(id)).toBe(null)
      const failed = await new Promise((resolve) => void users.save({ id: '' }, resolve))
      expect(String(failed)).toContain('needs an `id`')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('an installed workspace answers with its own token', async () => {
    const { controller, slack } = await open({
      token: '',
      clientId: 'id',
      clientSecret: 'secret',
      scopes: ['bot'],
    })
    slack.codes.set('code', 'xoxb-installed')
    const pages: unknown[] = []
    const port = await new Promise<number>((resolve) => {
      controller.setupWebserver(0, (_error, webserver) => {
        if (webserver === undefined) return
        controller.createOauthEndpoints(webserver, (error, _request, response) => {
          pages.push(error)
          response.send('Success!')
        })
        resolve(controller.port ?? 0)
      })
    })
    const login = await fetch(`http://127.0.0.1:${port}/login`, { redirect: 'manual' })
    const location = new URL(login.headers.get('location') ?? '')
    expect(location.searchParams.get('scope')).toContain('chat:write')
    const state = location.searchParams.get('state')
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    const done = await fetch(`http://127.0.0.1:${port}/oauth?code=code&state=${state}`, {
      headers: { cookie },
    })
    expect([await done.text(), pages]).toEqual(['Success!', [null]])
    expect(await controller.storage.teams.get('T2')).toMatchObject({
      name: 'Two',
      bot: { user_id: botUser },
    })
  })

  test('a workspace whose token nobody has is told of, not answered with 200', async () => {
    const { post, errors } = await open({ token: '' })
    expect((await post(slackEvent({ text: 'hi', ts: '1.1' }))).status).toBe(503)
    expect(String(errors[0])).toContain('set SLACK_BOT_TOKEN')
  })
})
