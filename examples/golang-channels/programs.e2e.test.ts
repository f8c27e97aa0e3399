import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

function output(program: string): string[] {
  const path = fileURLToPath(new URL(`./${program}.ts`, import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8' })
  expect([stderr, status]).toEqual(['', 0])
  return stdout.trim().split('\n')
}

it('the first program prints what the article says', () => {
  const lines = output('print')
  expect(lines.slice(0, 3)).toEqual(['<nil>', 'Type of channel: chan int', 'Type of `c`: chan int'])
  expect(lines[3]).toMatch(/^Value of `c` is 0xc[0-9a-f]{9}$/)
  expect(lines.slice(4)).toEqual(['Main started...', 'Data in channel is:  10', 'Main ended...'])
})

it('the second program prints 10 unbuffered, 20 buffered, 10 cloned', () => {
  const data = output('pointer').filter((line) => line.startsWith('Data'))
  expect(data).toEqual([10, 20, 10].map((value) => `Data in channel is:  ${value}`))
})

it('the tour shows both send paths, both receive paths and six goroutines on one thread', () => {
  const text = output('tour').join('\n')
  expect(text).toContain('qcount 3  dataqsiz 3  buf [10 20 30]  sendx 0  recvx 0')
  expect(text).toContain('sendq sudog{g: g2, elem: 40, isSelect: false}')
  expect(text).toContain('buf [40 20 30]  sendx 1  recvx 1')
  expect(text).toContain('goready     G2 (by G1) c')
  expect(text).toContain('send direct G1 c 50')
  expect(text).toContain(
    'M0 holds P0 and runs G1\n  P0 run queue: G7 G8\n  G1 running\n  G4 waiting chan receive',
  )
})
