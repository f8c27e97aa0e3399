/**
 * A process that serves the counting bot on Slack, text messages and web chat until it is killed.
 * Arguments: the database's kind and address, the port, the addresses of Slack's and Twilio's stand-ins.
 */
import { writeSync } from 'node:fs'
import { openJournal } from '@typestead/journal'
import { slack } from '../src/adapters/slack/slack.ts'
import { twilioSms } from '../src/adapters/twilio-sms/twilio-sms.ts'
import { JournalMailbox } from '../src/adapters/web-chat/journal-mailbox.ts'
import { webChat } from '../src/adapters/web-chat/web-chat.ts'
import { openBots } from '../src/service/open-bots.ts'
import { anythingCounts, counting, countingHooks } from './counting-bot.ts'
import { sourceOf } from './databases.ts'
import { serveChat } from './fakes/chat-page.ts'
import { accountSid } from './fakes/twilio.ts'

const [kind = '', address = '', port = '', slackUrl = '', twilioUrl = ''] = process.argv.slice(2)
const onError = (error: unknown) =>
  writeSync(2, `${error instanceof Error ? error.stack : error}\n`)

const journal = await openJournal(sourceOf(kind, address), { processTtl: 600, poll: 100, onError })
const bots = await openBots({
  journal,
  understander: anythingCounts,
  hooks: countingHooks(),
  onError,
  retry: { deliver: 1_000, turn: 1_000, first: 5, longest: 50 },
})
await bots.build(counting)
await bots.publish('Counter', { alias: 'prod' })
const adapters = [
  slack({ signingSecret: 's', token: 'xoxb-1', apiUrl: slackUrl, onError }),
  twilioSms({ accountSid, authToken: 'a', apiUrl: twilioUrl, onError }),
  webChat({
    secret: 'w',
    mailbox: new JournalMailbox(journal, { poll: 50 }),
    limits: { burst: 1_000 },
    onError,
  }),
]
for (const adapter of adapters) bots.connect(adapter, { bot: 'Counter', alias: 'prod' })
await serveChat(
  {
    name: 'all',
    attach() {},
    deliver: async () => {},
    routes: Object.assign({}, ...adapters.map(({ routes }) => routes)),
    upgrades: Object.assign({}, ...adapters.map(({ upgrades }) => upgrades)),
  },
  undefined,
  Number(port),
)
writeSync(1, 'ready\n')
