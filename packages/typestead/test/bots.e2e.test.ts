import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@typestead/store/embedded'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type RunningApp, run, startApp } from './command.ts'
import { type TinyApp, tinyApp, tinyFiles } from './tiny-app.ts'

const bot = `
  bots: {
    hooks: { timeoutMs: 500, named: { greet: (turn) => turn.close('Hello from the config.') } },
    define: () => [defineBot({
      name: 'Reader',
      description: 'of the config',
      slotTypes: { PostTitle: { entity: Post, field: 'title' } },
      intents: {
        Read: {
          utterances: ['read {post}', 'please read {post}', 'i want to read a post'],
          slots: { post: { type: 'PostTitle', prompt: 'Which post?' } },
          fulfil: lambda('./read.cjs'),
        },
        Greet: { utterances: ['hello there', 'good morning'], fulfil: 'greet' },
        Spin: { utterances: ['spin around', 'turn in circles'], fulfil: lambda('./spin.cjs') },
      },
    })],
  },
})`

const readHook = `
const { isMainThread } = require('node:worker_threads')
exports.handler = async ({ currentIntent }) => ({
  dialogAction: { type: 'Close', fulfillmentState: 'Fulfilled', message: { contentType: 'PlainText',
    content: currentIntent.slots.post + ' in ' + (isMainThread ? 'the process' : 'a worker') } },
})
`

let app: TinyApp

beforeAll(() => {
  app = tinyApp(appFiles())
})

function appFiles(): Readonly<Record<string, string>> {
  const config = tinyFiles['typestead.config.ts'] ?? ''
  return {
    ...tinyFiles,
    'typestead.config.ts': `import { defineBot, lambda } from '@typestead/bot'\n${config.trimEnd().replace(/\}\)$/, bot.trimStart())}\n`,
    'read.cjs': readHook,
    'spin.cjs': 'exports.handler = () => { for (;;); }\n',
  }
}

afterAll(() => app[Symbol.dispose]())

async function say(running: RunningApp, text: string, user = 'u1') {
  const response = await fetch(
    `${running.application}/lex/bot/Reader/alias/prod/user/${user}/text`,
    { method: 'POST', body: JSON.stringify({ inputText: text }) },
  )
  const body = (await response.json()) as { readonly message?: string }
  return { status: response.status, message: body.message }
}

async function workbench(running: RunningApp, path: string, method = 'GET', body?: object) {
  const response = await fetch(`${running.workbench}/_typestead${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  // biome-ignore lint/suspicious/noExplicitAny: answers of the workbench, each looked into below
  return (await response.json()) as any
}

const servedBy = async (running: RunningApp) => {
  const { aliases } = await workbench(running, '/bots/Reader')
  const { version, released } = aliases[0]
  return { version, released }
}

describe('bots of an app', () => {
  it('run hooks that are files in workers, others in process, each with its time', async () => {
    await using running = await startApp(app.folder)
    expect((await say(running, 'read Post 17')).message).toBe('Post 17 in a worker')
    expect((await say(running, 'hello there')).message).toBe('Hello from the config.')
    expect((await say(running, 'spin around')).status).toBe(424)
    expect((await say(running, 'hello there')).message).toBe('Hello from the config.')
  })

  it('understand a value of an entity’s field once it is written, and count what they do', async () => {
    await using running = await startApp(app.folder)
    const [ann] = (await workbench(running, '/rows/User')).rows
    const values = { title: 'Moby Dick', author: ann.values.id }
    await workbench(running, '/rows/Post', 'POST', { values })
    await eventually(
      async () => (await say(running, 'read moby dick', 'u2')).message === 'Moby Dick in a worker',
    )
    const metrics = await (await fetch(`${running.application}/metrics`)).text()
    expect(metrics).toMatch(/^bot_turns_total\{bot="Reader",outcome="answered"\} [1-9]/m)
    expect(metrics).toMatch(/^bot_hook_seconds_count\{outcome="ok"\} [1-9]/m)
  })

  it('stay as people published them until the config says something else, and say so', async () => {
    const first = await startApp(app.folder)
    const { model, checksum } = await workbench(first, '/bots/Reader')
    const { hash: _, ...edited } = { ...model, description: 'of the console' }
    await workbench(first, '/bots/Reader', 'PUT', { model: { ...edited, hash: '' }, checksum })
    await workbench(first, '/bots/Reader/publish', 'POST', { alias: 'prod' })
    await first.stop()

    const second = await startApp(app.folder)
    expect(await servedBy(second)).toEqual({ version: '2', released: '1' })
    expect((await workbench(second, '/bots/Reader')).model.description).toBe('of the console')
    expect((await second.stop()).stdout).toContain('serves another version than the config defines')

    app.edit('typestead.config.ts', 'of the config', 'of the config, later')
    await using third = await startApp(app.folder)
    expect(await servedBy(third)).toEqual({ version: '3', released: '3' })
    expect((await third.stop()).stdout).toContain('the config defines the bot anew')
  })

  it('are consumers of a plan: a field that a slot type reads is not renamed behind its back', async () => {
    const title = 'title: string().max(200),'
    app.edit('model.ts', title, `heading: string().max(200).was('title'),`)
    const blocked = await run(['plan'], { cwd: app.folder })
    expect(blocked.stdout).toContain(
      'blocked: the slot type PostTitle of Reader reads Post.title, which is Post.heading now',
    )
    expect(blocked.stderr).toContain(`write field: 'heading' at Reader: slotTypes.PostTitle`)
    expect(blocked.code).not.toBe(0)
    app.edit('typestead.config.ts', `field: 'title'`, `field: 'heading'`)
    const follows = await run(['plan'], { cwd: app.folder })
    expect(follows.stdout).toContain(
      'the slot type PostTitle of Reader reads Post.heading, which was Post.title',
    )
    app.edit('typestead.config.ts', `field: 'heading'`, `field: 'title'`)
    app.edit('model.ts', `heading: string().max(200).was('title'),`, title)
  })

  it('do not start with a slot type that reads what is not there', async () => {
    app.edit('typestead.config.ts', `field: 'title'`, `field: 'nothing'`)
    const { code, stderr, stdout } = await run(['start'], { cwd: app.folder })
    expect(code).not.toBe(0)
    expect(stderr + stdout).toContain(
      'Reader: slotTypes.PostTitle: Post has no field "nothing" of text that may be seen',
    )
    app.edit('typestead.config.ts', `field: 'nothing'`, `field: 'title'`)
  })

  it('and their conversations are gone after a reset', async () => {
    const before = await startApp(app.folder)
    expect((await workbench(before, '/conversations')).conversations).not.toEqual([])
    await before.stop()
    const refused = await run(['db', 'reset'], { cwd: app.folder })
    expect(refused.stderr).toContain('conversations')
    const { stdout } = await run(['db', 'reset', '--yes'], { cwd: app.folder })
    expect(stdout).toContain('its bots with their versions, edits and conversations')
    await using after = await startApp(app.folder)
    expect((await workbench(after, '/conversations')).conversations).toEqual([])
    expect(await servedBy(after)).toEqual({ version: '1', released: '1' })
  })
})

describe('bots of two processes on one database', () => {
  it('a console that is open in one hears of what is published in the other', async () => {
    using folders = new DisposableStack()
    const data = folders.adopt(mkdtempSync(join(tmpdir(), 'two-apps-')), (folder) =>
      rmSync(folder, { recursive: true, force: true }),
    )
    await using server = await startEmbedded({ data })
    const env = {
      DATABASE_URL: `postgres://${server.user}@/postgres?host=${encodeURIComponent(server.host)}&port=${server.port}`,
    }
    using one = tinyApp(appFiles())
    using other = tinyApp(appFiles())
    await using first = await startApp(one.folder, { env })
    await using second = await startApp(other.folder, { env })
    const ended = new AbortController()
    const { body } = await fetch(`${first.workbench}/_typestead/events?topics=bots`, {
      signal: ended.signal,
    })
    const heard = (async () => {
      let text = ''
      for await (const chunk of (body ?? new ReadableStream()).pipeThrough(
        new TextDecoderStream(),
      )) {
        text += chunk
        if (text.includes('{"type":"bot","bot":"Reader"}')) return true
      }
      return false
    })()
    const { model } = await workbench(second, '/bots/Reader')
    await workbench(second, '/bots/Reader', 'PUT', { model: { ...model, description: 'edited' } })
    await workbench(second, '/bots/Reader/publish', 'POST', { alias: 'prod' })
    expect(await heard).toBe(true)
    ended.abort()
    expect((await workbench(first, '/bots/Reader')).versions.length).toBeGreaterThan(1)
  })
})
