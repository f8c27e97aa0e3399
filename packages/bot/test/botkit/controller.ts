/** A controller on a free port beside a fake Slack; what it says is in `said`. */
import { expect } from 'vitest'
import { type SlackbotConfig, type SlackController, slackbot } from '../../src/botkit/slackbot.ts'
import { FakeSlack, type SlackSaid, signedSlack, slackEvent } from '../fakes/slack.ts'

export interface OpenedController extends AsyncDisposable {
  readonly slack: FakeSlack
  readonly controller: SlackController
  readonly errors: unknown[]
  post(body: string, type?: string): Promise<Response>
  /** Says something to the bot; resolves when it was handled. */
  say(text: string, more?: Partial<SlackSaid>): Promise<void>
  said(): string[]
}

export async function openController(
  config: Partial<SlackbotConfig> = {},
): Promise<OpenedController> {
  const slack = await FakeSlack.start()
  const errors: unknown[] = []
  const controller = slackbot({
    token: 'xoxb-1',
    signingSecret: 's',
    apiUrl: slack.apiUrl,
    onError: (error) => errors.push(error),
    ...config,
  })
  await new Promise<void>((resolve, reject) => {
    controller.setupWebserver(0, (error, webserver) => {
      if (error || webserver === undefined) {
        reject(error)
        return
      }
      controller.createWebhookEndpoints(webserver)
      resolve()
    })
  })
  let n = 0
  const post = (body: string, type = 'application/json') =>
    fetch(signedSlack(`http://127.0.0.1:${controller.port}/slack/receive`, 's', body, { type }))
  return {
    slack,
    controller,
    errors,
    post,
    async say(text, more = {}) {
      const event = slackEvent({ text, ts: `${1_700_000_000 + n++}.000100`, ...more })
      expect((await post(event)).status).toBe(200)
      await controller.settled()
    },
    said: () => slack.posted.map(({ text }) => text),
    async [Symbol.asyncDispose]() {
      await controller.shutdown()
      await slack[Symbol.asyncDispose]()
    },
  }
}
