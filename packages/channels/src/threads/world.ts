/**
 * The memory that all threads of a program share: one SharedArrayBuffer, reserved at once and backed by the system
 * page by page as it is touched. This file is its map; who changes what under which lock stands with each operation.
 *
 *   header      version, counters, the arena's lock and top
 *   threads     `maxThreads` records: state, doorbell, channels that want attention
 *   calls       for each call under way, the thread that has taken it
 *   records     for each thread, words that decide a `select` once for all threads
 *   channels    `maxChannels` records: lock, counters, who waits
 *   arena       blocks: buffers of channels, values too large for their slot
 */
export const maxThreads = 32
export const maxChannels = 1024
export const recordsPerThread = 1024
/** Calls under way at one time. */
export const maxCalls = 65_536

/** A layout change makes a new version; threads refuse another one. */
const layoutVersion = 2

/** Words (Int32 indexes) of the header. */
export const Header = {
  version: 0,
  channelCount: 1,
  arenaLock: 2,
  /** Byte offset of the first block never used, divided by 64. */
  arenaTop: 3,
  /** The highest number of a worker so far. */
  lastThread: 4,
  /** Free lists, one per size class; each an offset divided by 64, 0 when empty. */
  freeLists: 8,
  size: 64,
} as const

/** Words of a thread's record. */
export const Thread = {
  /** One of `ThreadState`. */
  state: 0,
  /** Counts rings; what a sleeping thread waits on. */
  bell: 1,
  /** 1 while somebody has to be woken for the bell to be heard. */
  sleeping: 2,
  /** Bit w set: word w of `pending` has bits. */
  summary: 3,
  /** Goroutines that run on it, tasks that wait for it, tasks taken so far. */
  live: 4,
  taken: 5,
  /** The channel that is its run queue, and the one that gets results of calls made here; 0 when none. */
  runQueue: 6,
  results: 7,
  /** Bit per channel that wants attention. */
  pending: 16,
  size: 16 + maxChannels / 32,
} as const

export const ThreadState = { free: 0, running: 1, idle: 2, dead: 3, starting: 4 } as const

/**
 * Words of a channel's record, in three lines of the processor's cache: what is seldom written, then what senders
 * write, then what receivers write, so that the two do not take each other's line away.
 */
export const Chan = {
  /** A lock (see `lock.ts`): whoever parks, closes, or looks at both ends holds it, and `tail` and `head` too. */
  lock: 0,
  used: 1,
  /** 0 int32, 1 float64, 2 message. */
  lane: 2,
  capacity: 3,
  closed: 4,
  /** Bit per thread with goroutines waiting to receive (changed with `tail` held), to send (with `head` held). */
  receivers: 5,
  senders: 6,
  /** Who was woken last, for turns. */
  lastReceiver: 7,
  lastSender: 8,
  /** Byte offset of the slots, divided by 64. */
  slots: 9,
  slotBytes: 10,
  /** Offer that is being taken (thread plus 1), 0 when none; tells the repair how far a killed receiver had come. */
  journal: 11,
  ticket: 12,
  /**
   * Locks of the two ends of a buffer. Above the owner stand a flag (see `wake.ts`) and the position, from 0 to
   * 2 * capacity - 1, so that one store commits an operation and releases the lock, and full differs from empty.
   */
  tail: 16,
  head: 32,
  /** The other end's position when it was last looked at, so that it need not be each time; changed by the lock's owner. */
  headSeen: 17,
  tailSeen: 33,
  size: 48,
} as const

/** A position has 25 bits of its word. */
export const maxSharedCapacity = 2 ** 24

const threadsAt = Header.size
const callsAt = threadsAt + maxThreads * Thread.size
const recordsAt = callsAt + maxCalls
/** At the beginning of a cache line. */
const channelsAt = Math.ceil((recordsAt + maxThreads * recordsPerThread) / 16) * 16
/** First byte of the arena. */
export const arenaAt = Math.ceil(((channelsAt + maxChannels * Chan.size) * 4) / 64) * 64

export class World {
  readonly buffer: SharedArrayBuffer
  readonly i32: Int32Array
  readonly f64: Float64Array
  readonly u8: Uint8Array
  /** This thread's number; 0 is the thread that made the world. */
  readonly me: number
  /** Index of this thread's `Thread.summary`. */
  readonly summary: number

  constructor(buffer: SharedArrayBuffer, me: number) {
    this.buffer = buffer
    this.i32 = new Int32Array(buffer)
    this.f64 = new Float64Array(buffer)
    this.u8 = new Uint8Array(buffer)
    this.me = me
    this.summary = this.thread(me) + Thread.summary
    const found = this.i32[Header.version]
    if (found !== layoutVersion) {
      throw new RangeError(
        `shared memory has layout ${found}, this thread knows ${layoutVersion}; use one version of @typestead/channels in all threads`,
      )
    }
  }

  static create(bytes: number): World {
    const buffer = new SharedArrayBuffer(bytes)
    const i32 = new Int32Array(buffer)
    i32[Header.version] = layoutVersion
    // Channel 0 is never used, so that 0 can mean none.
    i32[Header.channelCount] = 1
    i32[Header.arenaTop] = arenaAt / 64
    i32[threadsAt + Thread.state] = ThreadState.running
    return new World(buffer, 0)
  }

  /** Index of the first word of a thread's record. */
  thread(number: number): number {
    return threadsAt + number * Thread.size
  }

  channel(id: number): number {
    return channelsAt + id * Chan.size
  }

  /** Index of the word of call `id`: the number of the thread that has taken it, 0 before. */
  call(id: number): number {
    return callsAt + id
  }

  /** Index of select record `at` of thread `number`. */
  record(number: number, at: number): number {
    return recordsAt + number * recordsPerThread + at
  }

  /** The word at `index`; every index that this package computes is inside the buffer. */
  word(index: number): number {
    return this.i32[index] as number
  }
}
