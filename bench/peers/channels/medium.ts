import medium from 'medium'
import { sideOf } from './programs.ts'

const { chan, put, take, any, buffers } = medium

export const bench = sideOf({
  make: (capacity) => (capacity === 0 ? chan() : chan(buffers.fixed(capacity))),
  send: (channel, value) => put(channel, value),
  receive: (channel) => take(channel),
  select: (channels) => any(...channels),
})
