/** The Lex endpoint beside a bare Node server that does the same HMAC and JSON, and beside Botkit's web adapter. */
import { measure } from '../../../bench/measure.ts'
import { load } from './lex-load.ts'

const ours = new URL('./lex-server.ts', import.meta.url)

export const measures = [
  measure({
    name: 'a message at a Lex endpoint',
    unit: 'request',
    sides: {
      typestead: { module: ours },
      'bare node': { module: new URL('./lex-bare-server.ts', import.meta.url) },
      'botkit 4 web': {
        module: new URL('../../../bench/peers/bot/botkit-web.ts', import.meta.url),
      },
    },
    goals: [
      { against: 'bare node', atLeast: 0.6 },
      { against: 'botkit 4 web', atLeast: 3 },
    ],
    load,
  }),
  measure({
    name: 'a message at a Lex endpoint, durable in SQLite',
    unit: 'request',
    sides: { typestead: { module: ours, export: 'durable' } },
    goals: [],
    load,
  }),
]
