/**
 * Runs the operations of every side in real Chromium, in turn, and takes the CPU time of the page's main thread
 * (`TaskDuration` in thread ticks: scripts, style, layout and paint). All sides must show the same after each operation.
 */
import { createServer } from 'node:http'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { findTool } from '../../../scripts/tools.ts'
import { inPage, mutationsOf, operations, seen } from './operations.ts'
import { sides as allSides, bundleSide, type SideName } from './side-bundles.ts'

export const names = Object.keys(allSides) as readonly SideName[] // the keys of a constant

interface OpenSide {
  readonly page: Page
  readonly cdp: CDPSession
}

/** Milliseconds of CPU by side and operation. */
export type Round = Readonly<Record<SideName, Readonly<Record<string, number>>>>

export interface Counts {
  readonly mutations: Readonly<Record<SideName, Readonly<Record<string, number>>>>
  /** Runs of our own reactions. */
  readonly runs: Readonly<Record<string, number>>
}

/** Bytes. */
export interface Heap {
  /** V8's heap. */
  readonly script: number
  /** V8's heap and the DOM's own. */
  readonly whole: number
}

export interface Chromium extends AsyncDisposable {
  round(): Promise<Round>
  count(): Promise<Counts>
  /** What 10,000 rows take, by side. */
  heap(): Promise<Readonly<Record<SideName, Heap>>>
}

/** With fewer sides, what is asked of others is missing from the answers. */
export async function openChromium(sides: readonly SideName[] = names): Promise<Chromium> {
  const files = new Map<string, string>()
  for (const name of sides) files.set(`/${name}.js`, await bundleSide(name))
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '')
    response.setHeader('content-type', file === undefined ? 'text/html' : 'text/javascript')
    response.end(file ?? shell((request.url ?? '/').slice(1)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const browser = await chromium.launch({
    executablePath: findTool('chromium') ?? '',
    args: ['--no-sandbox', '--js-flags=--expose-gc'],
  })
  return {
    round: () => each(sides, browser, port, measure),
    async count() {
      const runs: Record<string, number> = {}
      const mutations = await each(sides, browser, port, (side, name) =>
        countMutations(side, name, runs),
      )
      return { mutations, runs }
    },
    heap: () => each(sides, browser, port, heapOf),
    async [Symbol.asyncDispose]() {
      await browser.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

function shell(name: string): string {
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>
.selected { background: #cde } li { display: inline-block; width: 4em }</style>
<div id="table"></div><div id="grid"></div><script type="module" src="/${name}.js"></script>`
}

/** Each side in a page of its own, one after the other, so that none runs in another's heap. */
async function each<T>(
  sides: readonly SideName[],
  browser: Browser,
  port: number,
  work: (side: OpenSide, name: SideName) => Promise<T>,
): Promise<Record<SideName, T>> {
  const results: Partial<Record<SideName, T>> = {}
  for (const name of sides) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`http://127.0.0.1:${port}/${name}`)
    try {
      await page.waitForFunction('window.side !== undefined', undefined, { timeout: 20_000 })
    } catch (cause) {
      throw new Error(`${name} did not start: ${complaints.join('; ')}`, { cause })
    }
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    results[name] = await work({ page, cdp }, name)
    await context.close()
  }
  return results as Record<SideName, T> // every side had its turn
}

const warmUps = 1
const repetitions = 1

async function measure({ page, cdp }: OpenSide): Promise<Readonly<Record<string, number>>> {
  const spent: Record<string, number> = {}
  for (const { name, before, work, times } of operations) {
    const samples: number[] = []
    for (let repetition = -warmUps; repetition < repetitions; repetition++) {
      await page.evaluate(inPage(before, 1))
      await page.evaluate('gc()')
      const start = await taskMs(cdp)
      await page.evaluate(inPage(work, times))
      if (repetition >= 0) samples.push((await taskMs(cdp)) - start)
    }
    spent[name] = samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN
  }
  return spent
}

async function taskMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
}

/** What hand-written code shows after each operation; the first side, so all others are compared with it. */
const shown = new Map<string, string>()

async function countMutations(
  { page }: OpenSide,
  side: SideName,
  runs: Record<string, number>,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (const { name, before, work, times } of operations) {
    await page.evaluate(inPage(before, 1))
    if (side === 'typestead') runs[name] = -Number(await page.evaluate('runs()'))
    counts[name] = await page.evaluate<number>(mutationsOf(work, times))
    if (side === 'typestead') runs[name] = (runs[name] ?? 0) + Number(await page.evaluate('runs()'))
    const text = await page.evaluate<string>(seen)
    if (side === 'hand-written') shown.set(name, text)
    else if (shown.get(name) !== text) {
      throw new Error(`${side} shows something else than hand-written code after "${name}"`)
    }
  }
  return counts
}

async function heapOf({ page, cdp }: OpenSide): Promise<Heap> {
  await page.evaluate(inPage('side.create(100); side.clear()', 1))
  const before = await usedBytes(cdp)
  await page.evaluate(inPage('side.create(10000)', 1))
  const after = await usedBytes(cdp)
  return { script: after.script - before.script, whole: after.whole - before.whole }
}

async function usedBytes(cdp: CDPSession): Promise<Heap> {
  for (let times = 0; times < 3; times++) await cdp.send('HeapProfiler.collectGarbage')
  const usage = await cdp.send('Runtime.getHeapUsage')
  // The DOM's own memory is not in V8's heap; playwright's types don't know the field yet.
  const { embedderHeapUsedSize = 0 } = usage as { embedderHeapUsedSize?: number }
  return { script: usage.usedSize, whole: usage.usedSize + embedderHeapUsedSize }
}
