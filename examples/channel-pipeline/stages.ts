/** The stages that run on worker threads. */
import { readFile } from 'node:fs/promises'
import { type RecvChan, recv, type SendChan, select, send } from '@typestead/channels'

/** The lines of one file, summed up by their first word. */
export interface Parsed {
  readonly file: string
  readonly bytes: number
  readonly totals: Readonly<Record<string, number>>
}

/**
 * Reads and parses files until there are no more or `quit` is closed; gives the number of files. It waits while the
 * next stage is behind.
 */
export async function parse(
  files: RecvChan<string>,
  parsed: SendChan<Parsed>,
  quit: RecvChan<undefined>,
): Promise<number> {
  for (let count = 0; ; count++) {
    const next = await select(recv(files), recv(quit))
    if (next.index === 1 || !next.ok) return count
    const text = await readFile(next.value, 'utf8')
    const result = { file: next.value, bytes: text.length, totals: sum(text) }
    const sent = await select(send(parsed, result), recv(quit))
    if (sent.index === 1) return count
  }
}

/** Lines are `<name> <amount>`. */
function sum(text: string): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const line of text.split('\n')) {
    const [name, amount] = line.split(' ')
    if (name === undefined || name === '') continue
    totals[name] = (totals[name] ?? 0) + Number(amount)
  }
  return totals
}
