/** Opens 10,000 conversations in one process and prints what it holds then: resident memory, and the heap per conversation. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sqlite } from '@typestead/journal'
import { openBots } from '../src/service/open-bots.ts'
import { anythingCounts, counting, countingHooks } from './counting-bot.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const conversations = 10_000
const folder = await mkdtemp(join(tmpdir(), 'typestead-bot-many-'))
const bots = await openBots({
  journal: sqlite(join(folder, 'bots.db')),
  understander: anythingCounts,
  hooks: countingHooks(),
})
await bots.build(counting)
await bots.publish('Counter', { alias: 'prod' })
const say = (from: number, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      bots.turn({ bot: 'Counter', alias: 'prod', user: `user${from + n}`, text: 'hello there' }),
    ),
  ).then((answers) => answers.length)
await say(-200, 200)
collect()
const before = process.memoryUsage().heapUsed
for (let n = 0; n < conversations; n += 100) await say(n, 100)
collect()
const { heapUsed, rss } = process.memoryUsage()
const { conversations: page } = await bots.conversations({ search: 'user9999' })
process.stdout.write(
  `${JSON.stringify({ rss, perConversation: (heapUsed - before) / conversations, found: page.length })}\n`,
)
await bots.close()
await rm(folder, { recursive: true })
