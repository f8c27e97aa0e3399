/** The article's program, unchanged but for its requires and the hears that it says to add, and one like it of our own. */
import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { freePort, programFolder, runProgram, supportNlu } from '../../test/botkit/programs.ts'
import { FakeSlack, type SlackSaid, signedSlack, slackEvent, team } from '../../test/fakes/slack.ts'

const article = fileURLToPath(
  new URL('../../../../../shared/articles/02-chatbot-botkit-rasa-nlu.txt', import.meta.url),
)

async function say(port: number | string, said: SlackSaid, secret = 'signing'): Promise<number> {
  const request = signedSlack(`http://127.0.0.1:${port}/slack/receive`, secret, slackEvent(said))
  return (await fetch(request)).status
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(holds()).toBe(true)
}

function environment(slack: FakeSlack, more: Record<string, string>) {
  return {
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: 'signing',
    SLACK_BOT_TOKEN: 'xoxb-env',
    clientId: 'id',
    clientSecret: 'client-secret',
    ...more,
  }
}

describe('a program of our own', () => {
  const program = fileURLToPath(new URL('../../test/botkit/support-bot.cjs', import.meta.url))

  test('answers what it understands, once, however often Slack says it', async () => {
    await using slack = await FakeSlack.start()
    await using nlu = await supportNlu()
    await using folder = await programFolder()
    await using running = await runProgram(
      program,
      environment(slack, { RASA_URI: nlu.url, STORE: join(folder.path, '.db') }),
    )
    await running.until((lines) => lines.some((line) => line.startsWith('port ')))
    const port = running.lines.find((line) => line.startsWith('port '))?.slice(5) ?? ''
    const said = { text: 'my phone is not turning on', ts: '1700000000.000100' }
    const statuses = await Promise.all(Array.from({ length: 5 }, () => say(port, said)))
    expect(statuses).toEqual([200, 200, 200, 200, 200])
    await until(() => slack.posted.length > 0)
    expect(await say(port, { ...said, eventId: 'EvOther' })).toBe(200)
    expect(await say(port, said, 'forged')).toBe(401)
    await say(port, { text: 'good morning', ts: '1700000001.000100' })
    await until(() => slack.posted.length > 1)
    expect(slack.posted.map(({ text }) => text)).toEqual([
      'Have you tried turning your phone off and on?',
      'Sorry, I did not understand that. Can you say it in other words?',
    ])
    // The workspace's record is there, without the token that the environment holds.
    const [record] = await readdir(join(folder.path, '.db', 'teams'))
    expect(record).toBe(`${team}.json`)
    const kept = await readFile(join(folder.path, '.db', 'teams', record ?? ''), 'utf8')
    expect(JSON.parse(kept)).toMatchObject({ id: team, name: 'Testers', bot: { user_id: 'UBOT' } })
    expect(kept).not.toContain('xoxb')
  })

  test('apologises when its NLU server is away, and says so to its listeners', async () => {
    await using slack = await FakeSlack.start()
    await using folder = await programFolder()
    await using running = await runProgram(
      program,
      environment(slack, { RASA_URI: `http://127.0.0.1:${await freePort()}`, STORE: folder.path }),
    )
    await running.until((lines) => lines.some((line) => line.startsWith('port ')))
    const port = running.lines.find((line) => line.startsWith('port '))?.slice(5) ?? ''
    await say(port, { text: 'my phone is not turning on', ts: '1.1' })
    await until(() => slack.posted.length === 1)
    expect(slack.posted[0]?.text).toMatch(/^Sorry, I can’t answer right now/)
    expect(running.lines.some((line) => line.startsWith('degraded: no answer'))).toBe(true)
  })

  test('without a signing secret it does not start, and says what to set', async () => {
    await using slack = await FakeSlack.start()
    await using folder = await programFolder()
    await using running = await runProgram(
      program,
      environment(slack, {
        RASA_URI: 'http://127.0.0.1:1',
        STORE: folder.path,
        SLACK_SIGNING_SECRET: '',
      }),
    )
    await running.until((lines) =>
      lines.some((line) => line.includes('SLACK_SIGNING_SECRET is not set')),
    )
  })
})

describe.skipIf(!existsSync(article))('the program of the article', () => {
  test('answers with its requires changed and the hears added', async () => {
    await using slack = await FakeSlack.start()
    await using nlu = await supportNlu()
    await using folder = await programFolder()
    const port = await freePort()
    const printed = readFileSync(article, 'utf8')
    const begin = printed.lastIndexOf("let Botkit = require('botkit');")
    const end = printed.indexOf('});', printed.indexOf('createWebhookEndpoints', begin)) + 3
    const program = `${printed.slice(begin, end)}
controller.hears(['device_failure'], 'direct_message,direct_mention,mention', function (bot, message) {
  bot.reply(message, 'device_failure: ' + message.entities[0].value + ' ' + (message.confidence > 0.5));
});
`
      .replace("require('botkit')", "require('@typestead/bot/botkit')")
      .replace("require('./Middleware/rasa')", "require('@typestead/bot/botkit').rasa")
      // Its two addresses, which others on this machine may have.
      .replace('3000', String(port))
      .replace('http://localhost:5000', nlu.url)
    const file = join(folder.path, 'bot.cjs')
    await writeFile(file, program)
    await using running = await runProgram(file, environment(slack, {}))
    await until2(async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/slack/receive`).catch(() => null)
      return answer?.status === 405
    })
    const said = { text: 'my phone is not turning on', ts: '1700000000.000100' }
    const statuses = await Promise.all(Array.from({ length: 5 }, () => say(port, said)))
    expect(statuses).toEqual([200, 200, 200, 200, 200])
    await until(() => slack.posted.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(slack.posted.map(({ text }) => text)).toEqual(['device_failure: phone true'])
    expect(existsSync(join(folder.path, '.db', 'teams', `${team}.json`))).toBe(true)
    expect(running.lines).toEqual([])
  })
})

async function until2(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it never came to be')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
