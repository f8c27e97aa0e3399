/**
 * The article's second program, on copying. It says that what a pointer points to is copied too; it is not. With an
 * unbuffered channel the reader sees 10 only because main waits in its send until the value has been read; with a
 * buffered one it sees 20, in Go as here. A channel that clones gives 10 in both.
 */
import {
  go,
  makeChan,
  pointer,
  type RecvChan,
  run,
  sleep,
  until,
  WaitGroup,
} from '@typestead/channels'

interface Box {
  value: number
}

/** A generator runs on after its receive, as the reader does in Go; the sender goes on after it. */
function* printData(c: RecvChan<Box>, done: WaitGroup): Generator<never, void> {
  yield* until(sleep(30))
  const data = yield* c.recv()
  console.log('Data in channel is: ', data.value)
  done.done()
}

async function program(
  title: string,
  capacity: number,
  copy: 'reference' | 'clone',
): Promise<void> {
  console.log(`-- ${title}`)
  console.log('Main started...')
  const a: Box = { value: 10 }
  const b = a
  const c = makeChan<Box>(capacity, { name: 'c', copy })
  const done = new WaitGroup()
  done.add(1)
  go(printData, c, done)
  console.log('Value of b before putting into channel', b.value)
  await c.send(b)
  a.value = 20
  console.log('Updated value of a:', a.value)
  console.log('Updated value of b:', b.value)
  await done.wait()
  console.log('Main ended...')
}

await run(async function main() {
  console.log(`An element of type ${pointer('int').name} is a reference.`)
  await program('unbuffered, by reference: read before main goes on', 0, 'reference')
  await program('buffered, by reference: the reader sees the change', 1, 'reference')
  await program('buffered, cloned: the reader sees what was sent', 1, 'clone')
})
