import { Channel } from 'async-channel'
import { sideOf } from './programs.ts'

export const bench = sideOf<Channel<number>>({
  make: (capacity) => new Channel<number>(capacity),
  send: (channel, value) => channel.push(value),
  receive: (channel) => channel.get(),
})
