/** The `bot` commands as a user types them: definitions from files, results, exit codes, and every place that is wrong. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { botCommand } from './command-line.ts'
import { chatCommand, serveCommand } from './commands.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bot-commands-'))
  await writeFile(join(folder, 'shop.mjs'), shop)
  await writeFile(join(folder, 'good.yaml'), transcript)
  await writeFile(join(folder, 'bad.yaml'), transcript.replace('Which book?', 'What book?'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const shop = `export default {
  name: 'PurchaseBook',
  slotTypes: { BookType: { values: ['fiction', { value: 'fantasy', synonyms: ['magic'] }], resolve: 'top' } },
  intents: {
    OrderBook: {
      utterances: ['I want to order some books'],
      slots: { bookType: { type: 'BookType', prompt: 'What type?' }, count: { type: 'AMAZON.Number', prompt: 'Which book?' } },
      fulfil: (turn) => turn.close('Ordered: ' + turn.slots.count),
    },
  },
}
`
const transcript = `turns:
  - user: I want to order some books
    bot: What type?
    asks: bookType
  - user: magic
    bot: Which book?
  - user: 2
    bot: 'Ordered: 2'
    state: Fulfilled
`

/** Runs a command line; what it wrote, and the code or error that it ended with. */
async function run(...words: string[]) {
  const out = new PassThrough()
  let err = ''
  let code = 0
  let error: unknown
  const command = botCommand(
    (given) => {
      code = given
    },
    { out, err: { write: (text: string) => (err += text) } },
  )
  const paths = words.map((word) => word.replace('@', `${folder}/`))
  await command.parseAsync(paths, { from: 'user' }).catch((thrown: unknown) => {
    error = thrown
  })
  return { out: String(out.read() ?? ''), err, code, error }
}

describe('typestead bot', () => {
  test('builds, and publishes under an alias', async () => {
    const built = await run('build', '@shop.mjs', '--data', '@data', '--json')
    expect(JSON.parse(built.out)).toMatchObject([{ bot: 'PurchaseBook', warnings: [] }])
    const published = await run('publish', 'PurchaseBook', '--data', '@data', '--alias', 'prod')
    expect(published.out).toBe('PurchaseBook: version 1, prod points to it\n')
    expect((await run('publish', 'Nope', '--data', '@data')).error).toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('runs transcripts, and exits with 1 when one goes otherwise', async () => {
    const good = await run('test', '@shop.mjs', '@good.yaml')
    expect([good.code, good.out.split('\n').at(-2)]).toEqual([0, '1 passed, 0 failed'])
    const both = await run('test', '@shop.mjs', '@good.yaml', '@bad.yaml')
    expect(both.code).toBe(1)
    expect(both.out).toContain(
      'turn 2, user "magic": what the bot said was "Which book?"; expected "What book?"',
    )
    const json = await run('test', '@shop.mjs', '@good.yaml', '--json')
    expect(JSON.parse(json.out)).toMatchObject([{ differences: [] }])
  })

  test('tells every place that is wrong, and which file is not there', async () => {
    await writeFile(
      join(folder, 'wrong.json'),
      JSON.stringify({ name: 'a b', intents: { A: { utterence: [] }, B: { utterances: [''] } } }),
    )
    const wrong = await run('build', '@wrong.json')
    expect(wrong.error).toMatchObject({ code: 'BAD_INPUT' })
    for (const place of ['  name: ', '  intents.A.utterence: ', '  intents.B.utterances[0]: ']) {
      expect(wrong.err).toContain(place)
    }
    for (const words of [
      ['build', '@none.mjs'],
      ['test', '@shop.mjs', '@none.yaml'],
      ['import', '@none.zip'],
    ]) {
      expect((await run(...words)).error, words.join(' ')).toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringMatching(/^there is no file .*none\./),
      })
    }
    expect((await run('import', '@shop.mjs')).error).toMatchObject({ code: 'BAD_INPUT' })
    expect((await run('test', '@shop.mjs', '--bot', 'Other', '@good.yaml')).error).toMatchObject({
      message: expect.stringContaining('PurchaseBook'),
    })
  })

  test('exports archives of both versions that it imports again', async () => {
    for (const format of ['v1', 'v2']) {
      const archive = `@shop.${format}.zip`
      const exported = await run('export', '@shop.mjs', '--out', archive, '--format', format)
      expect(exported.error).toBeUndefined()
      const imported = await run('import', archive, '--out', `@${format}.json`)
      expect(imported.out).toContain('PurchaseBook: written to')
      const model = JSON.parse(await readFile(join(folder, `${format}.json`), 'utf8'))
      expect(model).toMatchObject({ name: 'PurchaseBook' })
      expect((await run('build', `@${format}.json`, '--data', `@${format}`)).error).toBeUndefined()
    }
  })

  test('talks in the terminal', async () => {
    const input = new PassThrough()
    const out = new PassThrough()
    input.end('I want to order some books\nmagic\n3\n/quit\n')
    await chatCommand(join(folder, 'shop.mjs'), { input }, { out, err: { write: () => undefined } })
    expect(String(out.read())).toBe('What type?\nWhich book?\nOrdered: 3\n')
  })

  test('serves Amazon Lex’s APIs until it is stopped', async () => {
    const stop = new AbortController()
    const out = new PassThrough()
    const served = serveCommand(
      join(folder, 'shop.mjs'),
      { port: 0, signal: stop.signal, data: join(folder, 'served') },
      { out, err: { write: () => undefined } },
    )
    const [line] = (await out.take(1).toArray()) as [Buffer]
    const url = String(line).trim().split(' ').at(-1) ?? ''
    const response = await fetch(`${url}/bot/PurchaseBook/alias/prod/user/ann/text`, {
      method: 'POST',
      body: JSON.stringify({ inputText: 'I want to order some books' }),
    })
    expect(await response.json()).toMatchObject({
      message: 'What type?',
      dialogState: 'ElicitSlot',
    })
    stop.abort()
    await served
  })

  test('forgets a person, and says where nothing is kept', async () => {
    const data = join(folder, 'forgetful')
    const output = { out: new PassThrough(), err: { write: () => undefined } }
    const input = new PassThrough()
    input.end('I want to order some books\n3\n')
    await chatCommand(join(folder, 'shop.mjs'), { data, input }, output)
    const forget = ['forget', 'PurchaseBook', 'you', '--channel', 'terminal']
    const { out } = await run(...forget, '--data', '@forgetful', '--json')
    expect(JSON.parse(out)).toMatchObject({ conversations: 1, turns: 2, channel: 'terminal' })
    expect((await run(...forget, '--data', '@forgetful')).out).toMatch(/^you: forgotten, 0 con/)
    const nowhere = await run(...forget, '--data', '@nowhere')
    expect(nowhere.error).toMatchObject({ code: 'NOT_FOUND' })
  })
})
