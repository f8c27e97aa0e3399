import { afterAll, describe, expect, test } from 'vitest'
import { chromiumPath, closeBrowser, open } from '../test/browser.ts'

interface Alive {
  readonly reactions: number
  readonly subscriptions: number
  readonly controllers: number
  readonly signals: number
  readonly listeners: number
}

describe.skipIf(chromiumPath === null)('leaks, in Chromium', () => {
  afterAll(closeBrowser)

  test('ten thousand openings of pages leave no reaction, subscription, listener, node or controller', async () => {
    await using opened = await open('leaks.tsx')
    const { page } = opened
    const cdp = await page.context().newCDPSession(page)
    const look = async (openings: number) => {
      const alive = await page.evaluate<Alive>(`window.openings(${openings})`)
      for (let times = 0; times < 3; times++) await cdp.send('HeapProfiler.collectGarbage')
      const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters')
      const { reactions, subscriptions, controllers, signals, listeners } = alive
      return { nodes, jsEventListeners, reactions, subscriptions, controllers, signals, listeners }
    }
    const few = await look(100)
    const many = await look(10_000)
    expect(many).toEqual(few)
    expect(many.controllers).toBe(1)
    expect(await page.evaluate('opened()')).toBeGreaterThan(10_000)
    // The page that is open has one; the others, over ten thousand, were collected.
    expect(await page.evaluate('kept()')).toBe(1)
    expect(opened.complaints).toEqual([])
  })
})
