/**
 * Makes prices, as many a second as it is told, and sends them as far as the page has given leave: a page that does not
 * keep up slows the worker down, nothing piles up between them.
 */
import { makeChan, sleep } from '@typestead/channels/core'
import { symbolCount, type Tick } from './tick.ts'
import { type FromPage, sendThrough } from './worker-channel.ts'

const ticks = makeChan<Tick>(256, { zero: { symbol: 0, price: 0 } })
let perSecond = 0

addEventListener('message', ({ data }: MessageEvent<FromPage>) => {
  if (data.kind === 'rate') perSecond = data.perSecond
})

void sendThrough(ticks, self)

const prices = new Int32Array(symbolCount).fill(10_000)
const pauseMs = 10
for (;;) {
  const due = Math.round((perSecond * pauseMs) / 1000)
  for (let tick = 0; tick < due; tick++) {
    const symbol = Math.floor(Math.random() * symbolCount)
    const price = Math.max(1, (prices[symbol] ?? 0) + Math.floor(Math.random() * 201) - 100)
    prices[symbol] = price
    if (!ticks.trySend({ symbol, price })) await ticks.send({ symbol, price })
  }
  await sleep(pauseMs)
}
