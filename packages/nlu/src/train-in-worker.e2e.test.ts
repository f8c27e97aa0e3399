import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nluCommand } from './command-line.ts'
import { decodedModel, loadModel } from './model.ts'
import { train } from './train.ts'
import { trainInWorker } from './train-in-worker.ts'
import { loadTrainingData } from './training-data/load-training-data.ts'
import { noData } from './training-data/training-data.ts'
import { toJsonLines } from './training-data/write-training-data.ts'

const words = ['phone', 'laptop', 'tablet', 'printer', 'router', 'screen', 'watch', 'camera']
const data = {
  ...noData,
  examples: Array.from({ length: 240 }, (_, i) => {
    const word = words[i % words.length] as string
    const text = `my ${word} number ${i} is ${i % 12} now`
    return {
      text,
      intent: `intent_${i % 12}`,
      entities: [{ start: 3, end: 3 + word.length, entity: 'device', value: word }],
    }
  }),
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlu-worker-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('training on a worker', () => {
  test('gives the bytes that training in this thread gives, and reports progress', async () => {
    const seen: number[] = []
    const bytes = await trainInWorker(data, { onProgress: ({ done }) => seen.push(done) })
    expect(Buffer.compare(bytes, (await train(data)).encode())).toBe(0)
    expect(seen.length).toBeGreaterThan(1)
    expect((await (await decodedModel(bytes, 'm')).parse('my phone')).entities).toMatchObject([
      { entity: 'device' },
    ])
  })

  test('ends when it is cancelled', async () => {
    const stop = new AbortController()
    const training = trainInWorker(data, { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(training).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
  })

  test('tells of bad data and of a worker that cannot start', async () => {
    await expect(trainInWorker(noData)).rejects.toThrow(
      expect.objectContaining({ code: 'bad_data' }),
    )
    await expect(trainInWorker(data, { pipeline: [{ name: 'Nope' }] })).rejects.toThrow(
      expect.objectContaining({ code: 'bad_config' }),
    )
  })

  test('uses own components from modules', async () => {
    const module = join(folder, 'own.mjs')
    await writeFile(
      module,
      `const component = { name: 'Own', process: (m) => { m.entities.push({ entity: 'own', value: 1, start: 0, end: 1, confidence: 1, extractor: 'Own' }) }, save: () => ({ json: null, sections: {} }) }
export const own = { name: 'Own', train: async () => component, load: async () => component }`,
    )
    const bytes = await trainInWorker(data, {
      pipeline: [{ name: 'Own' }],
      componentModules: [pathToFileURL(module).href],
    })
    expect(bytes.length).toBeGreaterThan(100)
  })
})

test('a process killed while it saves leaves the old model whole', async () => {
  const file = join(folder, 'killed.nlu')
  await (await train(data)).save(file)
  const before = await readFile(file)
  const script = join(folder, 'save.mjs')
  await writeFile(
    script,
    `import { readFile } from 'node:fs/promises'
import { writeModelFile } from ${JSON.stringify(new URL('./model-file.ts', import.meta.url).href)}
const bytes = Buffer.concat(new Array(200).fill(await readFile(${JSON.stringify(file)})))
console.log('saving')
for (;;) await writeModelFile(${JSON.stringify(file)} + '.other', bytes).then(() => writeModelFile(${JSON.stringify(file)}, bytes.subarray(0, ${before.length})))`,
  )
  for (let i = 0; i < 3; i++) {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, 40 * i))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(Buffer.compare(await readFile(file), before)).toBe(0)
    expect((await (await loadModel(file)).parse('my phone')).entities).toHaveLength(1)
  }
})

describe('the commands', () => {
  const run = async (...args: string[]) => {
    let out = ''
    let err = ''
    let code = 0
    const output = {
      out: { write: (text: string) => (out += text) },
      err: { write: (text: string) => (err += text) },
    }
    await nluCommand((value) => (code = value), output).parseAsync(['node', 'nlu', ...args])
    return { out, err, code }
  }

  test('train, parse, evaluate with a report, cross-validate and validate', async () => {
    const file = join(folder, 'data.jsonl')
    const model = join(folder, 'cli.nlu')
    const report = join(folder, 'report.html')
    await writeFile(file, toJsonLines(data.examples))
    const trained = await run('train', file, '--out', model, '--json')
    expect(JSON.parse(trained.out)).toMatchObject({
      examples: 240,
      intents: 12,
      entities: ['device'],
    })
    expect(trained.err).toContain('train ')
    const parsed = await run('parse', model, 'my phone number 3 is 3 now', '--json')
    expect(JSON.parse(parsed.out)).toMatchObject({
      entities: expect.arrayContaining([expect.objectContaining({ entity: 'device' })]),
    })
    expect((await run('parse', model, 'my phone')).out).toContain('device = phone')
    const evaluated = await run('evaluate', model, file, '--json', '--report', report)
    expect(JSON.parse(evaluated.out)).toMatchObject({
      intent: { accuracy: expect.any(Number), f1: expect.any(Number) },
      entities: {
        precision: expect.any(Number),
        recall: expect.any(Number),
        f1: expect.any(Number),
      },
      outOfScope: { recall: 0, falseAlarms: expect.any(Number) },
    })
    expect(await readFile(report, 'utf8')).toContain('<svg')
    expect(JSON.parse((await run('evaluate', file, '--folds', '2', '--json')).out)).toHaveProperty(
      'intent.accuracy',
    )
    expect((await run('validate', file)).code).toBe(0)
    expect((await readdir(folder)).filter((name) => name.startsWith('cli.nlu.'))).toEqual([])
  })
})

const shared = new URL('../../../../shared/data/nlu/clinc_10shot_train.jsonl', import.meta.url)

test.skipIf(!existsSync(shared))(
  '1,500 sentences of 150 intents train and are understood',
  async () => {
    const clinc = await loadTrainingData([shared.pathname])
    const model = await decodedModel(await trainInWorker(clinc), 'm')
    expect((await model.parse('how do you say hello in spanish')).intent?.name).toBe('translate')
  },
)
