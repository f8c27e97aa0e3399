import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { type RunningApp, startApp } from './command.ts'
import { type TinyApp, tinyApp } from './tiny-app.ts'

const examples = `version: "3.1"
nlu:
- intent: greet
  examples: |
    - hi
    - hello there
    - good morning
    - hey
- intent: device_failure
  examples: |
    - my [phone](device) is not working
    - the [laptop](device) crashed again
    - my [tablet](device) does not start
    - the screen of my [phone](device) stays black
    - my [laptop](device) is broken
- intent: order_status
  examples: |
    - where is my parcel
    - when will my order arrive
    - track my order
    - has my parcel been sent
`

let app: TinyApp
let running: RunningApp
beforeAll(async () => {
  app = tinyApp()
  app.write('support.yml', examples)
  app.edit(
    'typestead.config.ts',
    "name: 'Tiny',",
    "name: 'Tiny', nlu: { projects: { support: { files: ['support.yml'] } } },",
  )
  running = await startApp(app.folder)
})
afterAll(async () => {
  await running?.[Symbol.asyncDispose]()
  app?.[Symbol.dispose]()
})

const ask = (path: string, body?: unknown) =>
  fetch(`${running.workbench}/_typestead/nlu${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })

const modelName = async (): Promise<string> => (await (await ask('')).json()).projects[0].model.name

it('lists its projects and says what a sentence means', async () => {
  expect(await (await ask('')).json()).toEqual({
    projects: [
      {
        name: 'support',
        pipeline: 'fast',
        language: 'en',
        training: null,
        model: {
          name: expect.stringMatching(/^files-/),
          examples: 13,
          intents: ['device_failure', 'greet', 'order_status'],
          entities: ['device'],
        },
      },
    ],
  })
  const understood = await ask('/support/parse', { text: '😀 my phone is broken' })
  expect(await understood.json()).toMatchObject({
    intent_ranking: expect.arrayContaining([
      expect.objectContaining({ name: 'device_failure', confidence: expect.any(Number) }),
    ]),
    entities: expect.arrayContaining([
      expect.objectContaining({ entity: 'device', start: 6, end: 11 }),
    ]),
  })
})

it('asks each example of a model that was not trained on it', async () => {
  const checked = await (await ask('/support/examples')).json()
  expect(checked).toMatchObject({ accuracy: expect.any(Number), entityF1: expect.any(Number) })
  expect(checked.examples).toHaveLength(13)
  expect(checked.examples).toContainEqual({
    text: 'my laptop is broken',
    intent: 'device_failure',
    predicted: expect.objectContaining({ name: expect.any(String) }),
    refused: expect.any(Boolean),
    entities: [{ start: 3, end: 9, entity: 'device' }],
    found: expect.any(Array),
  })
})

it('an added example counts from the next training on, whose progress the events tell', async () => {
  const before = await modelName()
  const example = { text: 'yo dude', intent: 'greet', entities: [] }
  const added = await ask('/support/examples', example)
  expect(added.status).toBe(201)
  expect(app.read('support.added.jsonl')).toBe(`${JSON.stringify(example)}\n`)
  const events = await fetch(`${running.workbench}/_typestead/events?topics=nlu`)
  const told: { project: string; state: string; done?: number }[] = []
  const reading = (async () => {
    let text = ''
    for await (const piece of events.body ?? []) {
      text += Buffer.from(piece).toString()
      for (const [, data] of text.matchAll(/event: nlu\ndata: (.*)\n\n/g))
        told.push(JSON.parse(data ?? ''))
      text = text.slice(text.lastIndexOf('\n\n') + 2)
      if (told.at(-1)?.state === 'trained') return
    }
  })()
  const started = await Promise.all([ask('/support/train', {}), ask('/support/train', {})])
  expect(started.map(({ status }) => status).sort()).toEqual([202, 409])
  await reading
  expect(told).toContainEqual({ project: 'support', state: 'training', done: 0 })
  expect(await modelName()).not.toBe(before)
  expect(
    (await (await ask('/support/parse', { text: 'yo dude' })).json()).intent_ranking[0].name,
  ).toBe('greet')
})

it.each([
  ['no JSON', '/support/parse', '{', 400, /no JSON/],
  ['no object', '/support/parse', '[]', 400, /object/],
  ['no text', '/support/parse', '{}', 400, /text/],
  [
    'a text that is too long',
    '/support/parse',
    JSON.stringify({ text: 'a '.repeat(9000) }),
    413,
    /./,
  ],
  ['another project', '/nothing/parse', '{"text":"hi"}', 404, /there are support/],
  ['an example without an intent', '/support/examples', '{"text":"hi"}', 400, /intent/],
  [
    'an example of two lines',
    '/support/examples',
    '{"text":"a\\nb","intent":"greet"}',
    400,
    /line/,
  ],
  [
    'a name that is none',
    '/support/examples',
    '{"text":"a","intent":"<img src=x>"}',
    400,
    /intent/,
  ],
  [
    'an entity outside the text',
    '/support/examples',
    '{"text":"hi","intent":"greet","entities":[{"start":0,"end":9,"entity":"x"}]}',
    400,
    /not inside/,
  ],
  [
    'entities that overlap',
    '/support/examples',
    '{"text":"my phone","intent":"greet","entities":[{"start":0,"end":8,"entity":"x"},{"start":3,"end":8,"entity":"y"}]}',
    400,
    /overlaps/,
  ],
  [
    'an entity without a place',
    '/support/examples',
    '{"text":"hi","intent":"greet","entities":[{"entity":"x"}]}',
    400,
    /entities\.0/,
  ],
  ['training another project', '/__proto__/train', '{}', 404, /there are support/],
])('%s is refused with what is wrong', async (_what, path, body, status, message) => {
  const response = await fetch(`${running.workbench}/_typestead/nlu${path}`, {
    method: 'POST',
    body,
  })
  expect(response.status).toBe(status)
  expect((await response.json()).error.message).toMatch(message)
})

it('training from files that are broken keeps the old model, and says why', async () => {
  const text = app.read('support.yml')
  const before = await modelName()
  const events = await fetch(`${running.workbench}/_typestead/events?topics=nlu`)
  app.write('support.yml', 'nlu:\n- intent: x\n  examples: 7\n')
  await ask('/support/train', {})
  let told = ''
  for await (const piece of events.body ?? []) {
    told += Buffer.from(piece).toString()
    if (told.includes('"failed"')) break
  }
  expect(told).toMatch(/support\.yml/)
  app.write('support.yml', text)
  expect(await modelName()).toBe(before)
})

const chromiumPath = findTool('chromium')
const axe = () =>
  readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function violations(page: Page): Promise<unknown> {
  await page.evaluate(axe())
  return page.evaluate(
    'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200) + " " + n.failureSummary)]))',
  )
}

describe.skipIf(chromiumPath === null)('Understanding, in Chromium', () => {
  const patient = { timeout: 20_000 }
  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, patient)
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())

  async function open(path: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const context = await browser.newContext({ baseURL: running.workbench, colorScheme })
    const page = await context.newPage()
    await page.goto(path)
    return page
  }

  it('shows intents and entities as one types, and learns a sentence', async () => {
    const page = await open('/understanding')
    const sentence = page.getByLabel('Sentence')
    await sentence.waitFor(patient)
    await sentence.pressSequentially('my phone is broken')
    await eventually(() => page.locator('.intent').first().textContent()).toMatch(
      /device_failure\d/,
    )
    await eventually(() => page.locator('mark').first().textContent()).toBe('phone device')
    expect(await violations(page)).toEqual([])
    await sentence.fill('hand me over to a person')
    // The form is about the sentence that was answered last.
    await eventually(() => page.getByLabel('Select words here').inputValue()).toBe(
      'hand me over to a person',
    )
    const intent = page.getByLabel('It should be')
    await intent.fill('talk_to_human')
    await page.getByRole('button', { name: 'Add as example and train again' }).click()
    await eventually(() => page.locator('.project-bar [role=status]').textContent()).toBe(
      'The new model answers.',
    )
    await eventually(() => page.locator('.intents').textContent()).toContain('talk_to_human')
    await eventually(() => page.locator('.project-bar').textContent()).toContain('4 intents')
    // What the server refuses is told where it was asked for.
    await intent.fill('no name <b>')
    await page.getByRole('button', { name: 'Add as example and train again' }).click()
    await eventually(() => page.getByRole('alert').textContent()).toMatch(/^Intent: a name/)
  })

  it.each(['light', 'dark'] as const)(
    'lists examples with what they are taken for, and the matrix by keyboard, %s',
    async (scheme) => {
      const page = await open('/understanding/examples', scheme)
      await page
        .getByRole('heading', { name: 'Which intents are taken for each other' })
        .waitFor(patient)
      expect(await violations(page)).toEqual([])
      const all = await page.locator('search output').textContent()
      await page.getByLabel('Show').selectOption('wrong')
      await eventually(() => page.locator('search output').textContent()).not.toBe(all)
      const first = page.locator('.confusion button[tabindex="0"]')
      expect(await first.count()).toBe(1)
      await first.focus()
      await page.keyboard.press('ArrowDown')
      const focused = () =>
        page.evaluate<string>('document.activeElement.getAttribute("aria-label")')
      const label = await focused()
      expect(label).toMatch(/^\d+ examples? of \w+ taken for \w+$/)
      await page.keyboard.press('Enter')
      const [, intent, predicted] = /of (\w+) taken for (\w+)$/.exec(label) ?? []
      await eventually(() => page.url()).toContain(`intent=${intent}&predicted=${predicted}`)
      expect(await focused()).toBe(label)
    },
  )
})
