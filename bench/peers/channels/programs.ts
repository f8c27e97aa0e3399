/** The classical programs over what every channel library of the await lane has: make, send, receive. */
export interface Library<C> {
  make(capacity: number): C
  send(channel: C, value: number): Promise<unknown>
  receive(channel: C): Promise<unknown>
  select?(channels: readonly C[]): Promise<unknown>
}

const sizes: Readonly<Record<string, number>> = {
  'ping-pong': 50_000,
  'cap 0': 100_000,
  'cap 100': 100_000,
  'select 2': 50_000,
  'select 4': 50_000,
  'select 8': 50_000,
}

export function sideOf<C>(library: Library<C>) {
  return (args: unknown) => {
    const name = String(args)
    const operations = sizes[name] ?? 0
    return {
      operations,
      run: async () => {
        await runProgram(library, name, operations)
        return true
      },
    }
  }
}

async function runProgram<C>(library: Library<C>, name: string, n: number): Promise<void> {
  const { make, send, receive } = library
  if (name === 'ping-pong') {
    const ping = make(0)
    const pong = make(0)
    const other = (async () => {
      for (let i = 0; i < n; i++) await send(pong, (await receive(ping)) as number)
    })()
    for (let i = 0; i < n; i++) {
      await send(ping, i)
      await receive(pong)
    }
    await other
    return
  }
  if (name.startsWith('cap')) {
    const channel = make(Number(name.slice(4)))
    const producer = (async () => {
      for (let i = 0; i < n; i++) await send(channel, i)
    })()
    for (let i = 0; i < n; i++) await receive(channel)
    await producer
    return
  }
  const width = Number(name.slice(7))
  const channels = Array.from({ length: width }, () => make(0))
  for (const channel of channels) {
    void (async () => {
      for (let i = 0; i < n / width; i++) await send(channel, i)
    })()
  }
  for (let i = 0; i < Math.floor(n / width) * width; i++) await library.select?.(channels)
}
