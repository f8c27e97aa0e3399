/**
 * Random programs, run on Go and here, have to print the same: a program is a list of non-waiting and waiting
 * operations of one goroutine (whose outcome the language fixes), and a network of goroutines whose result does not
 * depend on the order in which they run.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Chan,
  cap,
  go,
  len,
  makeChan,
  nilChan,
  otherwise,
  recv,
  select,
  send,
  WaitGroup,
} from './core.ts'

const goCommand = ['go', '/usr/local/go/bin/go'].find(
  (path) => spawnSync(path, ['version']).status === 0,
)

/** Operations on channels 0 to 3; channel 3 is nil. Whatever would wait forever is done in a select with a default. */
interface Step {
  readonly op: 'send' | 'receive' | 'close' | 'len' | 'select'
  readonly on: number
  readonly other: number
  readonly value: number
}
interface Network {
  readonly capacities: readonly number[]
  readonly producers: number
  readonly values: number
  readonly workers: number
  readonly multiplier: number
}
interface Program {
  readonly capacities: readonly number[]
  readonly steps: readonly Step[]
  readonly network: Network
}

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom('send', 'send', 'receive', 'receive', 'close', 'len', 'select'),
  on: fc.nat(3),
  other: fc.nat(3),
  value: fc.nat(99),
})
const program: fc.Arbitrary<Program> = fc.record({
  capacities: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
  steps: fc.array(step, { minLength: 5, maxLength: 40 }),
  network: fc.record({
    capacities: fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }),
    producers: fc.integer({ min: 1, max: 5 }),
    values: fc.integer({ min: 1, max: 40 }),
    workers: fc.integer({ min: 1, max: 5 }),
    multiplier: fc.integer({ min: 1, max: 9 }),
  }),
})

/** Panics are printed and the program goes on, in both languages. */
async function runHere({ capacities, steps, network }: Program): Promise<string[]> {
  const out: string[] = []
  const channels: Chan<number>[] = [
    ...capacities.map((capacity) => makeChan<number>(capacity, { zero: 0 })),
    nilChan<number>(),
  ]
  for (const { op, on, other, value } of steps) {
    const channel = channels[on] as Chan<number>
    try {
      if (op === 'len') out.push(`len ${len(channel)} cap ${cap(channel)}`)
      else if (op === 'close') {
        channel.close()
        out.push('closed')
      } else if (op === 'send') {
        const { index } = await select(send(channel, value), otherwise)
        out.push(index === 0 ? 'sent' : 'full')
      } else if (op === 'receive') {
        const got = await select(recv(channel), otherwise)
        out.push(got.index === 0 ? `got ${got.value} ${got.ok}` : 'empty')
      } else {
        // Two cases of which at most one is a real choice: a send to one nil channel and a receive.
        const got = await select(send(channels[3], value), recv(channels[other]), otherwise)
        out.push(got.index === 1 ? `chose ${got.value} ${got.ok}` : `default ${got.index}`)
      }
    } catch (error) {
      out.push(`panic: ${(error as Error).message}`)
    }
  }
  out.push(await runNetwork(network))
  return out
}

async function runNetwork(network: Network): Promise<string> {
  const [a, b, c] = network.capacities.map((capacity) => makeChan<number>(capacity, { zero: 0 }))
  const first = a as Chan<number>
  const second = b as Chan<number>
  const results = c as Chan<number>
  const producing = new WaitGroup()
  for (let p = 0; p < network.producers; p++) {
    producing.go(async () => {
      for (let i = 0; i < network.values; i++) await select(send(first, p * i), send(second, p * i))
    })
  }
  go(async () => {
    await producing.wait()
    first.close()
    second.close()
  })
  const working = new WaitGroup()
  for (let w = 0; w < network.workers; w++) {
    working.go(async () => {
      let one: Chan<number> | null = first
      let two: Chan<number> | null = second
      while (one !== null || two !== null) {
        const got = await select(recv(one), recv(two))
        if (got.ok) await results.send(got.value * network.multiplier)
        else if (got.index === 0) one = null
        else two = null
      }
    })
  }
  go(async () => {
    await working.wait()
    results.close()
  })
  let sum = 0
  let count = 0
  for await (const value of results) {
    sum += value
    count++
  }
  return `network ${count} ${sum}`
}

function toGo(programs: readonly Program[]): string {
  const bodies = programs.map(
    ({ capacities, steps, network: n }, at) => `
func program${at}() {
	ch := [4]chan int{${capacities.map((capacity) => `make(chan int, ${capacity})`).join(', ')}}
	${steps.map((one) => `try(func() { ${stepInGo(one)} })`).join('\n\t')}
	network([3]int{${n.capacities}}, ${n.producers}, ${n.values}, ${n.workers}, ${n.multiplier})
	fmt.Println("--")
}`,
  )
  return `${prelude}${bodies.join('\n')}
func main() {
${programs.map((_, at) => `\tprogram${at}()`).join('\n')}
}
`
}

function stepInGo({ op, on, other, value }: Step): string {
  if (op === 'len') return `fmt.Printf("len %d cap %d\\n", len(ch[${on}]), cap(ch[${on}]))`
  if (op === 'close') return `close(ch[${on}]); fmt.Println("closed")`
  if (op === 'send') {
    return `select { case ch[${on}] <- ${value}: fmt.Println("sent"); default: fmt.Println("full") }`
  }
  if (op === 'receive') {
    return `select { case v, ok := <-ch[${on}]: fmt.Println("got", v, ok); default: fmt.Println("empty") }`
  }
  return `select { case ch[3] <- ${value}: fmt.Println("chose nil"); case v, ok := <-ch[${other}]: fmt.Println("chose", v, ok); default: fmt.Println("default 2") }`
}

const prelude = `package main

import (
	"fmt"
	"sync"
)

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("panic: %v\\n", r)
		}
	}()
	f()
}

func network(capacities [3]int, producers, values, workers, multiplier int) {
	first, second, results := make(chan int, capacities[0]), make(chan int, capacities[1]), make(chan int, capacities[2])
	var producing, working sync.WaitGroup
	for p := 0; p < producers; p++ {
		producing.Add(1)
		go func(p int) {
			defer producing.Done()
			for i := 0; i < values; i++ {
				select {
				case first <- p * i:
				case second <- p * i:
				}
			}
		}(p)
	}
	go func() { producing.Wait(); close(first); close(second) }()
	for w := 0; w < workers; w++ {
		working.Add(1)
		go func() {
			defer working.Done()
			one, two := first, second
			for one != nil || two != nil {
				select {
				case v, ok := <-one:
					if ok {
						results <- v * multiplier
					} else {
						one = nil
					}
				case v, ok := <-two:
					if ok {
						results <- v * multiplier
					} else {
						two = nil
					}
				}
			}
		}()
	}
	go func() { working.Wait(); close(results) }()
	sum, count := 0, 0
	for v := range results {
		sum += v
		count++
	}
	fmt.Println("network", count, sum)
}
`

describe.skipIf(goCommand === undefined)('random programs (needs go)', () => {
  it('print here what they print in Go: 200 of them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'go-comparison-'))
    try {
      const programs = fc.sample(program, 200)
      writeFileSync(join(folder, 'main.go'), toGo(programs))
      const ran = spawnSync(goCommand as string, ['run', 'main.go'], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(ran.stderr).toBe('')
      const expected = ran.stdout.split('--\n').map((text) => text.trim())
      for (const [at, one] of programs.entries()) {
        expect((await runHere(one)).join('\n'), JSON.stringify(one)).toBe(expected[at])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
