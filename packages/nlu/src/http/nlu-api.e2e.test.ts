import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type NluServer, serveNlu } from '../serve.ts'
import { train } from '../train.ts'
import { readTrainingData } from '../training-data/load-training-data.ts'
import { nluApi } from './nlu-api.ts'

const json = JSON.stringify({
  rasa_nlu_data: {
    common_examples: [
      { text: 'hi', intent: 'greet', entities: [] },
      { text: 'hello', intent: 'greet', entities: [] },
      {
        text: 'my phone is not working',
        intent: 'device_failure',
        entities: [{ start: 3, end: 8, value: 'phone', entity: 'device' }],
      },
      {
        text: 'the laptop is broken',
        intent: 'device_failure',
        entities: [{ start: 4, end: 10, value: 'laptop', entity: 'device' }],
      },
    ],
  },
})
const yaml = `version: "3.1"
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: DIETClassifier
nlu:
- intent: greet
  examples: |
    - hi
    - good morning
- intent: leave
  examples: |
    - bye
    - see you
`

let folder: string
let server: NluServer
const errors: unknown[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlu-api-'))
  await (await train(await readTrainingData(json, 'demo.json'))).save(join(folder, 'first.nlu'))
  server = await serveNlu({ models: folder, port: 0, onError: (error) => errors.push(error) })
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** A request as clients of 0.x send it: a body without a Content-Type. */
function bare(
  path: string,
  body: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(server.url + path, { method: 'POST' }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const get = async (path: string) => (await fetch(server.url + path)).json()
const post = (path: string, body: string, type = 'application/json') =>
  fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': type } })

describe('a client of Rasa 0.x', () => {
  test('posts q and project without a Content-Type', async () => {
    const { status, body } = await bare(
      '/parse',
      JSON.stringify({ q: '😀 my phone is dead', project: 'undefined' }),
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      intent: { name: 'device_failure' },
      entities: [{ entity: 'device', value: 'phone', start: 5, end: 10 }],
      text: '😀 my phone is dead',
      project: 'default',
      model: 'first',
    })
  })

  test('posts with a Content-Type, and gets', async () => {
    expect(await (await post('/parse', '{"q": "hello"}')).json()).toMatchObject({
      intent: { name: 'greet' },
    })
    expect(await get('/parse?q=hello&project=undefined')).toMatchObject({
      intent: { name: 'greet' },
    })
  })

  test('trains a project, parses with it, evaluates and sees it in the status', async () => {
    expect(await (await post('/train?project=shop&model=second', json)).json()).toEqual({
      info: 'new model trained: second',
      model: 'second',
      project: 'shop',
    })
    expect(await get('/parse?q=hi&project=shop')).toMatchObject({
      project: 'shop',
      model: 'second',
    })
    expect(await (await post('/evaluate?project=shop', json)).json()).toMatchObject({
      intent_evaluation: { accuracy: 1 },
    })
    expect(await get('/status')).toMatchObject({
      available_projects: { shop: { status: 'ready', available_models: ['second'] } },
      current_training_processes: 0,
    })
    expect(await get('/version')).toMatchObject({ version: expect.any(String) })
    expect(await get('/config')).toMatchObject({ language: 'en' })
  })
})

describe('a client of Rasa 3.x', () => {
  test('parses', async () => {
    const answer = await (
      await post('/model/parse', JSON.stringify({ text: 'my phone', message_id: '1' }))
    ).json()
    expect(answer).toMatchObject({
      text: 'my phone',
      message_id: '1',
      intent: { name: 'device_failure' },
      text_tokens: [
        [0, 2],
        [3, 8],
      ],
      entities: [{ entity: 'device', confidence_entity: expect.any(Number) }],
    })
  })

  test('trains with YAML that holds data and pipeline, and gets the model', async () => {
    const response = await post('/model/train', yaml, 'application/yaml')
    expect(response.status).toBe(200)
    const name = response.headers.get('filename')?.replace('.nlu', '')
    expect((await response.bytes()).length).toBeGreaterThan(1000)
    expect(await get('/status')).toMatchObject({
      model_file: `${name}.nlu`,
      num_active_training_jobs: 0,
    })
    expect(await (await post('/model/parse', '{"text": "see you"}')).json()).toMatchObject({
      intent: { name: 'leave' },
    })
    const back = await fetch(`${server.url}/model`, {
      method: 'PUT',
      body: '{"model_file": "models/first.nlu"}',
    })
    expect(back.status).toBe(204)
    expect(await (await post('/model/parse', '{"text": "my phone"}')).json()).toMatchObject({
      intent: { name: 'device_failure' },
    })
  })
})

describe('bad requests', () => {
  test.each([
    ['/parse', '{"nope": 1}', 400],
    ['/parse', 'not json', 400],
    ['/parse', JSON.stringify({ q: 'hi', project: '../etc' }), 400],
    ['/parse', JSON.stringify({ q: 'hi', project: 'unknown' }), 404],
    ['/parse', JSON.stringify({ q: 'a '.repeat(100_000) }), 413],
    ['/model/parse', JSON.stringify({ text: 'a'.repeat(1_000_000) }), 413],
    [
      '/train',
      '{"rasa_nlu_data": {"common_examples": [{"text": "a", "entities": [{"start": 0, "end": 9, "entity": "x"}]}]}}',
      400,
    ],
    ['/nowhere', '{}', 404],
    ['/version', '{}', 405],
  ])(
    "%s %# is answered with its status and both generations' error",
    async (path, body, status) => {
      const answer = await bare(path, body)
      expect(answer.status).toBe(status)
      expect(answer.body).toMatchObject({
        status: 'failure',
        error: expect.any(String),
        message: expect.any(String),
      })
    },
  )

  test('a foreign Host or Origin is refused', async () => {
    const foreign = await fetch(`${server.url}/version`, {
      headers: { origin: 'https://example.org' },
    })
    expect(foreign.status).toBe(403)
  })

  test('a token, when set, is wanted', async () => {
    const handler = nluApi({ models: server.registry, token: 'secret' })
    const status = async (path: string, headers = {}) =>
      (await handler(new Request(`http://localhost${path}`, { headers }))).status
    expect(await status('/version')).toBe(401)
    expect(await status('/version?token=wrong')).toBe(401)
    expect(await status('/version?token=secret')).toBe(200)
    expect(await status('/version', { authorization: 'Bearer secret' })).toBe(200)
  })
})

describe('serving', () => {
  test('goes on without one failed request while models are trained and swapped', async () => {
    let done = false
    const training = (async () => {
      for (let i = 0; i < 3; i++)
        await server.registry.train(await readTrainingData(json, 'demo.json'), { name: `swap${i}` })
      done = true
    })()
    let answered = 0
    while (!done) {
      const { status, body } = await bare(
        '/parse',
        JSON.stringify({ q: 'my phone is not working' }),
      )
      expect(status).toBe(200)
      expect(body.intent).toMatchObject({ name: 'device_failure' })
      answered++
    }
    await training
    expect(answered).toBeGreaterThan(0)
    expect(await get('/parse?q=hi')).toMatchObject({ model: 'swap2' })
  })

  test('a damaged newer model is told of, and the old one goes on', async () => {
    await writeFile(join(folder, 'zzz.nlu'), 'this is no model')
    await expect
      .poll(
        async () => {
          expect(await get('/parse?q=hi')).toMatchObject({ model: 'swap2' })
          return errors.length
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0)
    expect(errors[0]).toMatchObject({ code: 'bad_model' })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('nlu_requests_total')
  })
})
