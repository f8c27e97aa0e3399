/** The twelve operations, as text that runs in the page: what comes before (not measured), and what is measured, how often. */

export interface Operation {
  readonly name: string
  readonly before: string
  /** `i` counts the repetitions within one measurement; microtasks run after each. */
  readonly work: string
  readonly times: number
  /** Runs of our reactions when each binding that depends on the change, the list and the selection run once. */
  readonly runs: number
}

export const operations: readonly Operation[] = [
  { name: 'create 1,000', before: 'side.clear()', work: 'side.create(1000)', times: 1, runs: 2002 },
  {
    name: 'create 10,000',
    before: 'side.clear()',
    work: 'side.create(10000)',
    times: 1,
    runs: 20_002,
  },
  {
    name: 'replace 1,000',
    before: 'side.create(1000)',
    work: 'side.create(1000)',
    times: 1,
    runs: 2002,
  },
  {
    name: 'append 1,000',
    before: 'side.create(1000)',
    work: 'side.append(1000)',
    times: 1,
    runs: 2001,
  },
  {
    name: 'every tenth',
    before: 'side.create(1000)',
    work: 'side.updateTenth()',
    times: 10,
    runs: 1000,
  },
  {
    name: 'select',
    before: 'side.create(1000)',
    work: 'side.select((i * 7 + 3) % 1000)',
    times: 300,
    runs: 899,
  },
  { name: 'swap', before: 'side.create(1000)', work: 'side.swap()', times: 21, runs: 21 },
  { name: 'remove', before: 'side.create(1000)', work: 'side.remove(i * 3)', times: 20, runs: 20 },
  { name: 'reverse', before: 'side.create(1000)', work: 'side.reverse()', times: 3, runs: 3 },
  { name: 'clear 1,000', before: 'side.create(1000)', work: 'side.clear()', times: 1, runs: 1 },
  {
    name: 'one cell',
    before: 'side.clear()',
    work: 'side.tick((i * 7) % 1000, i + 1)',
    times: 3000,
    runs: 3000,
  },
  {
    name: '1,000 cells',
    before: 'side.clear()',
    work: 'side.tickAll(i + 5000)',
    times: 10,
    runs: 10_000,
  },
]

/** Runs `text` `times` times, microtasks after each, then waits until the frame is painted. */
export function inPage(text: string, times: number): string {
  return `(async () => {
    for (let i = 0; i < ${times}; i++) {
      ${text}
      for (let turn = 0; turn < 5; turn++) await null
    }
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  })()`
}

/** Counts what an operation changes in the document; removals and additions count each node. */
export function mutationsOf(text: string, times: number): string {
  return `(async () => {
    let count = 0
    const add = (records) => {
      for (const { addedNodes, removedNodes, type } of records) {
        count += type === 'childList' ? addedNodes.length + removedNodes.length : 1
      }
    }
    const observer = new MutationObserver(add)
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    for (let i = 0; i < ${times}; i++) {
      ${text}
      for (let turn = 0; turn < 5; turn++) await null
    }
    add(observer.takeRecords())
    observer.disconnect()
    return count
  })()`
}

/** What the user sees: texts and classes. */
export const seen = `JSON.stringify([...document.querySelectorAll('tr')].map((row) => [
  row.className, ...[...row.cells].map((cell) => cell.textContent),
]).concat([...document.querySelectorAll('li')].map((item) => item.textContent)))`
