import { expect, it } from 'vitest'
import { go, makeChan, nilChan, receiveOr, sleep } from './core.ts'

const none = Symbol('none')

it('gives a value that is there, in order, else the fallback', async () => {
  const channel = makeChan<number | undefined>(2)
  expect(receiveOr(channel, none)).toBe(none)
  channel.trySend(undefined)
  channel.trySend(2)
  const sender = go(async () => channel.send(3))
  await sleep(0)
  expect(receiveOr(channel, none)).toBe(undefined)
  expect(receiveOr(channel, none)).toBe(2)
  expect(receiveOr(channel, none)).toBe(3)
  expect(receiveOr(channel, none)).toBe(none)
  await sleep(0)
  expect(sender.state).not.toBe('waiting')
})

it('gives the zero value of a closed channel, and never anything of a nil one', () => {
  const channel = makeChan<number>(1, { zero: 0 })
  channel.trySend(7)
  channel.close()
  expect(receiveOr(channel, none)).toBe(7)
  expect(receiveOr(channel, none)).toBe(0)
  expect(receiveOr(nilChan<number>(), none)).toBe(none)
})
