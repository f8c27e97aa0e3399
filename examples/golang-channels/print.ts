/**
 * The article's first program. It sends before anybody receives and ends with main; there main may exit before the
 * goroutine has printed, so its "Data" line can be lost. Here main waits for the goroutine.
 */
import {
  type Chan,
  chanType,
  go,
  int,
  makeChan,
  nilChan,
  type RecvChan,
  run,
  WaitGroup,
} from '@typestead/channels'

async function printChannelData(c: RecvChan<number>): Promise<void> {
  console.log('Data in channel is: ', await c.receive())
}

await run(async function main() {
  let c: Chan<number> = nilChan<number>(int)
  console.log(String(c))
  console.log(`Type of channel: ${chanType(c)}`)

  c = makeChan<number>(0, { elem: int })
  console.log(`Type of \`c\`: ${chanType(c)}`)
  console.log(`Value of \`c\` is ${c}`)

  console.log('Main started...')
  const printed = new WaitGroup()
  printed.add(1)
  go(async () => {
    await printChannelData(c)
    printed.done()
  })
  await c.send(10)
  await printed.wait()
  console.log('Main ended...')
})
