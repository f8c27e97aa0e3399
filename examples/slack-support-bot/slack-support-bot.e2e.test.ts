import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('the bot answers on a pretended Slack', () => {
  const { SLACK_SIGNING_SECRET: _secret, SLACK_BOT_TOKEN: _token, ...env } = process.env
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const { stdout, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' })
  expect(stdout.trim().split('\n'), stderr).toEqual([
    'user: hi',
    'bot:  Hello! What is broken?',
    'user: my phone is not turning on',
    'bot:  Have you charged your phone for an hour?',
    'user: yes',
    'bot:  Then we repair it. Please bring your phone to the desk.',
    'user: is the internet down?',
    'bot:  Our technicians know of it and are at work.',
  ])
})
