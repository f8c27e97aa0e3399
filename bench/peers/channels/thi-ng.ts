import { type Channel, channel, select } from '@thi.ng/csp'
import { sideOf } from './programs.ts'

// It has no unbuffered channel: 1 is its smallest capacity.
export const bench = sideOf<Channel<number>>({
  make: (capacity) => channel<number>(Math.max(1, capacity)),
  send: (to, value) => to.write(value),
  receive: (from) => from.read(),
  select: ([first, ...rest]) => select(first as Channel<number>, ...rest),
})
