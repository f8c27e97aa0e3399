import csp from 'js-csp'

const sizes: Readonly<Record<string, number>> = {
  'ping-pong': 20_000,
  'cap 0': 50_000,
  'cap 100': 50_000,
}

/** Generators only. */
function* program(name: string, n: number, done: () => void) {
  if (name === 'ping-pong') {
    const ping = csp.chan()
    const pong = csp.chan()
    csp.go(function* () {
      for (let i = 0; i < n; i++) yield csp.put(pong, yield csp.take(ping))
    })
    for (let i = 0; i < n; i++) {
      yield csp.put(ping, i)
      yield csp.take(pong)
    }
  } else if (name.startsWith('cap')) {
    const capacity = Number(name.slice(4))
    const channel = capacity === 0 ? csp.chan() : csp.chan(capacity)
    csp.go(function* () {
      for (let i = 0; i < n; i++) yield csp.put(channel, i)
    })
    for (let i = 0; i < n; i++) yield csp.take(channel)
  } else {
    const width = Number(name.slice(7))
    const channels = Array.from({ length: width }, () => csp.chan())
    for (const channel of channels) {
      csp.go(function* () {
        for (let i = 0; i < n / width; i++) yield csp.put(channel, i)
      })
    }
    for (let i = 0; i < Math.floor(n / width) * width; i++) yield csp.alts(channels)
  }
  done()
}

export const bench = (args: unknown) => {
  const name = String(args)
  const operations = sizes[name] ?? 20_000
  return {
    operations,
    run: () => new Promise((resolve) => csp.go(program, [name, operations, () => resolve(true)])),
  }
}
