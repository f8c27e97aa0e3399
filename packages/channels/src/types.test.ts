/** Directions are types: what Go's compiler refuses, TypeScript refuses here. Checked by `tsc`; runs as a test too. */
import { expect, it } from 'vitest'
import {
  type Chan,
  makeChan,
  otherwise,
  type RecvChan,
  recv,
  type SendChan,
  select,
  send,
} from './core.ts'

it('directions, elements and cases are checked at compile time', async () => {
  const both: Chan<number> = makeChan<number>(4)
  const sendOnly: SendChan<number> = both
  const recvOnly: RecvChan<number> = both
  await sendOnly.send(1)
  expect(await recvOnly.receive()).toBe(1)

  const refused = (): void => {
    // @ts-expect-error receive from send-only type
    void sendOnly.receive
    // @ts-expect-error range over send-only type
    void sendOnly[Symbol.asyncIterator]
    // @ts-expect-error send to receive-only type
    void recvOnly.send
    // @ts-expect-error close of receive-only channel
    void recvOnly.close
    // @ts-expect-error a receive case of a send-only channel
    recv(sendOnly)
    // @ts-expect-error a send case of a receive-only channel
    send(recvOnly, 1)
    // @ts-expect-error a direction cannot be taken back
    const again: Chan<number> = sendOnly
    // @ts-expect-error nor the other one
    const other: Chan<number> = recvOnly
    // @ts-expect-error an element of another type
    void both.send('one')
    // @ts-expect-error an element of another type in a case
    send(both, 'one')
    // @ts-expect-error channels are invariant: this would let a string be sent into a channel of numbers
    const wider: Chan<number | string> = both
    // @ts-expect-error a receiver of less would get what it does not know
    const narrower: RecvChan<1> = recvOnly
    // @ts-expect-error a sender of more would send what the channel does not take
    const more: SendChan<number | string> = sendOnly
    void [again, other, wider, narrower, more]
  }
  expect(refused).toBeTypeOf('function')

  const covariant: RecvChan<number | string> = recvOnly
  const contravariant: SendChan<1> = sendOnly
  void [covariant, contravariant]

  const words = makeChan<string>(1)
  await words.send('x')
  const chosen = await select(recv(words), send(both, 2), otherwise)
  if (chosen.index === 0) {
    const word: string = chosen.value
    expect(['x']).toContain(word)
  } else if (chosen.index === 1) {
    const none: undefined = chosen.value
    expect(none).toBeUndefined()
  } else {
    const last: 2 = chosen.index
    expect(last).toBe(2)
  }
  // @ts-expect-error there is no case 3
  expect(chosen.index === 3).toBe(false)
})
