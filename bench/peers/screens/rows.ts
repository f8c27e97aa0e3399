/** What every side shows: rows by a seed, so that all have the same, and how it is driven. */

export interface RowData {
  readonly id: number
  readonly label: string
}

/** A table of rows, and a grid of a thousand numbers, in the elements they are given. Each call may finish in microtasks. */
export interface Side {
  create(count: number): void
  append(count: number): void
  /** Adds " !!!" to the label of every tenth row. */
  updateTenth(): void
  select(index: number): void
  /** Second and last but one. */
  swap(): void
  remove(index: number): void
  reverse(): void
  clear(): void
  tick(cell: number, value: number): void
  tickAll(value: number): void
}

export type Mount = (table: HTMLElement, grid: HTMLElement) => Side

export const cellCount = 1000

const adjectives = [
  'pretty',
  'large',
  'big',
  'small',
  'tall',
  'short',
  'long',
  'handsome',
  'plain',
  'quaint',
]
const colours = [
  'red',
  'yellow',
  'blue',
  'green',
  'pink',
  'brown',
  'purple',
  'white',
  'black',
  'orange',
]
const nouns = [
  'table',
  'chair',
  'house',
  'bbq',
  'desk',
  'car',
  'pony',
  'cookie',
  'sandwich',
  'burger',
]

let lastId = 0
let state = 1

function pick(words: readonly string[]): string {
  state = (Math.imul(state, 48271) >>> 0) % 2147483647
  return words[state % words.length] ?? ''
}

export function makeRows(count: number): RowData[] {
  return Array.from({ length: count }, () => ({
    id: ++lastId,
    label: `${pick(adjectives)} ${pick(colours)} ${pick(nouns)}`,
  }))
}

export function start(mount: Mount): void {
  const table = document.querySelector('#table') as HTMLElement
  const grid = document.querySelector('#grid') as HTMLElement
  Object.assign(window, { side: mount(table, grid) })
}
