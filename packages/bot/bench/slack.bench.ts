/** Slack's events beside Bolt, which has no queue: its way to reply is to post. */
import { type ModuleSide, measure } from '../../../bench/measure.ts'
import { load, startSlack } from './slack.ts'

const slack = await startSlack()

const own = (name: string, args: string | null = null): ModuleSide => ({
  module: new URL('./slack.ts', import.meta.url),
  export: name,
  args,
})
const bolt = (args: string | null): ModuleSide => ({
  module: new URL('../../../bench/peers/bot/bolt.ts', import.meta.url),
  args,
})

export const measures = [
  measure({
    name: 'a Slack event until its reply is queued (Bolt: is posted)',
    unit: 'event',
    sides: {
      typestead: own('bench'),
      bolt: bolt(slack),
      'bolt without replying': bolt(null),
      'the adapter alone': own('adapterAlone'),
    },
    load,
    goals: [{ against: 'bolt', atLeast: 4 }],
  }),
  measure({
    name: 'a Slack event until its reply is posted',
    unit: 'event',
    sides: { typestead: own('bench', slack), bolt: bolt(slack) },
    load,
  }),
]
