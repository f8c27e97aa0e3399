/**
 * The article's tour of hchan, sudog, gopark and goready, as a program that prints each state: a buffered channel that
 * fills, a sender that parks, the receive that moves its value into the buffer and readies it, a receiver that parks
 * first and is handed its value past the buffer, and six goroutines on the scheduler.
 */
import {
  type Chan,
  go,
  inspect,
  inspectScheduler,
  int,
  makeChan,
  run,
  sleep,
  type TraceEvent,
} from '@typestead/channels'

function show(title: string, c: Chan<number>): void {
  const { buf, qcount, dataqsiz, elemsize, elemtype, closed, sendx, recvx, recvq, sendq, lock } =
    inspect(c)
  const waiters = (queue: typeof recvq): string =>
    queue
      .map(({ g, elem, isSelect }) => `sudog{g: ${g}, elem: ${elem}, isSelect: ${isSelect}}`)
      .join(' <-> ') || '-'
  const slots = buf.map((value) => value ?? '_').join(' ')
  console.log(`\n${title}`)
  console.log(
    `  qcount ${qcount}  dataqsiz ${dataqsiz}  buf [${slots}]  sendx ${sendx}  recvx ${recvx}`,
  )
  console.log(`  elemtype ${elemtype}  elemsize ${elemsize}  closed ${closed}  lock ${lock}`)
  console.log(`  recvq ${waiters(recvq)}`)
  console.log(`  sendq ${waiters(sendq)}`)
}

const names: Partial<Record<TraceEvent['kind'], string>> = {
  park: 'gopark',
  ready: 'goready',
  'hand-off': 'send direct',
  buffer: 'enqueue',
  take: 'dequeue',
}

function trace({ kind, g, by, reason, channel, value }: TraceEvent): void {
  const name = names[kind]
  if (name === undefined || channel === '') return
  const who = by === null ? `G${g ?? '?'}` : `G${g} (by G${by})`
  const what = value === undefined ? '' : ` ${value}`
  console.log(`    ${name.padEnd(12)}${who} ${channel}${what} ${reason}`.trimEnd())
}

await run(
  async function main() {
    const c = makeChan<number>(3, { elem: int, name: 'c' })
    show('make(chan int, 3)', c)

    const sender = go(async function g1() {
      for (const value of [10, 20, 30, 40]) await c.send(value)
    })
    await sleep(1)
    show(`G${sender.id} has sent 10, 20, 30; the buffer is full; it parks with 40`, c)
    console.log(`  G${sender.id} is ${sender.state} [${sender.waitReason}]`)

    console.log(`\nmain receives ${await c.receive()}`)
    show(`the receive took 10, moved 40 into the buffer and made G${sender.id} runnable`, c)
    for (let i = 0; i < 3; i++) console.log(`main receives ${await c.receive()}`)

    const receiver = go(async function g2() {
      console.log(`  G${receiver.id} got ${await c.receive()}, straight from the sender`)
    })
    await sleep(1)
    show(`the buffer is empty; G${receiver.id} parks in recvq`, c)
    await c.send(50)
    await sleep(1)
    show('the value went past the buffer', c)

    const gate = makeChan<number>(0, { name: 'gate' })
    for (let i = 0; i < 3; i++) go(async () => void (await gate.receive()))
    await sleep(1)
    for (let i = 0; i < 2; i++) go(async () => {})
    console.log('\nSix goroutines on one thread')
    const { m, p, g } = inspectScheduler()
    for (const one of m) console.log(`  M${one.id} holds P${one.p} and runs G${one.g}`)
    for (const one of p)
      console.log(`  P${one.id} run queue: ${one.runq.map((id) => `G${id}`).join(' ')}`)
    for (const one of g) console.log(`  G${one.id} ${one.state} ${one.waitReason}`.trimEnd())
    gate.close()
  },
  { trace },
)
