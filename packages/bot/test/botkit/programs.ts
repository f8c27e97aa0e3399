/** Programs written for Botkit, run as their users do: a Node process of their own, beside a fake Slack and a real NLU server. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { loadTrainingData, serveNlu, train } from '@typestead/nlu'

export interface RunningProgram extends AsyncDisposable {
  /** What it printed, line by line. */
  readonly lines: string[]
  until(holds: (lines: readonly string[]) => boolean): Promise<void>
}

/** @param file a CommonJS file below packages/bot */
export async function runProgram(
  file: string,
  env: Record<string, string>,
): Promise<RunningProgram> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let changed = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      changed()
    })
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    lines,
    async until(holds) {
      const deadline = Date.now() + 20_000
      while (!holds(lines)) {
        if (Date.now() > deadline) throw new Error(`it printed only:\n${lines.join('\n')}`)
        await new Promise<void>((resolve) => {
          changed = resolve
          setTimeout(resolve, 100)
        })
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const examples = {
  device_failure: [
    'my phone does not start',
    'my phone is not working',
    'the tablet crashed and stays dark',
    'my laptop is not turning on any more',
    'the phone is broken since today',
  ],
  greet: ['hi', 'hello there', 'good morning', 'hey'],
}

/** A model of the article's kind of sentences behind Rasa's HTTP API. */
export async function supportNlu() {
  const folder = await mkdtemp(join(tmpdir(), 'botkit-nlu-'))
  const common_examples = Object.entries(examples).flatMap(([intent, texts]) =>
    texts.map((text) => {
      const found = /phone|tablet|laptop/.exec(text)
      const entities =
        found === null
          ? []
          : [
              {
                start: found.index,
                end: found.index + found[0].length,
                value: found[0],
                entity: 'device',
              },
            ]
      return { text, intent, entities }
    }),
  )
  await writeFile(join(folder, 'nlu.json'), JSON.stringify({ rasa_nlu_data: { common_examples } }))
  const model = await train(await loadTrainingData([join(folder, 'nlu.json')]))
  await rm(join(folder, 'nlu.json'))
  await model.save(join(folder, 'support.nlu'))
  const server = await serveNlu({ models: folder, port: 0 })
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Below the ports that connections going out are given, so that none takes it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}

/** A folder below this package, where its own name resolves; removed with what is in it. */
export async function programFolder() {
  const path = await mkdtemp(fileURLToPath(new URL('./run-', import.meta.url)))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
