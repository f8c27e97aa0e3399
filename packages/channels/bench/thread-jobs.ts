/** What the thread measures start on workers. */
import type { RecvChan } from '../src/index.ts'
import type { SharedChannel } from '../src/threads/index.ts'

export async function echo(input: RecvChan<number>, output: SharedChannel<number>): Promise<void> {
  for await (const value of input) await output.send(value)
}

export async function numbers(output: SharedChannel<number>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) if (!output.trySend(i)) await output.send(i)
}

export async function batches(output: SharedChannel<number>, count: number): Promise<void> {
  const batch = Int32Array.from({ length: 512 }, (_, i) => i)
  for (let sent = 0; sent < count; sent += batch.length) await output.sendAll(batch)
}

export interface Small {
  readonly id: number
  readonly name: string
  readonly tags: readonly string[]
}

export async function objects(output: SharedChannel<Small>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const value = { id: i, name: `order ${i}`, tags: ['new', 'paid'] }
    if (!output.trySend(value)) await output.send(value)
  }
}

export async function take(input: SharedChannel<number>, count: number): Promise<number> {
  let sum = 0
  for (let i = 0; i < count; i++) sum += input.tryReceive()?.value ?? (await input.receive())
  return sum
}

export const nothing = (value: number): number => value + 1
