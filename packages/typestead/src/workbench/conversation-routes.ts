/**
 * `/_typestead/conversations`: `?bot=&channel=&search=&asksForPerson=true|false&after=&limit=`; `/<id>` its turns, `/<id>/transcript` as a test; `POST /<id>/replay`,
 * `/<id>/take-over { person }`, `/<id>/say { person, text }`, `/<id>/hand-back`,
 * `/<id>/forget` (the person, in all their conversations). What happens comes by the topic `bots`.
 */
import type { BotService, ConversationFilter, Transcript } from '@typestead/bot'
import type { Hono } from 'hono'
import { answered, badInput, readObject, textOf } from './bot-answers.ts'

export const conversationsPath = '/_typestead/conversations'

/**
 * @param write a conversation as a test, with personal data masked
 * @param need what holds conversations. @throws {HttpError} 404 where the app has no bots
 */
export function addConversations(
  router: Hono,
  need: () => BotService,
  write: (transcript: Transcript) => Promise<string>,
): void {
  router.get(conversationsPath, ({ req }) =>
    answered(async () => need().conversations(filterOf(new URL(req.url).searchParams))),
  )
  router.get(`${conversationsPath}/:id`, ({ req }) =>
    answered(async () => need().transcript(req.param('id'))),
  )
  router.get(`${conversationsPath}/:id/transcript`, async ({ req }) => {
    let text = ''
    const failed = await answered(async () => {
      text = await write(await need().transcript(req.param('id')))
      return {}
    })
    if (!failed.ok) return failed
    return new Response(text, {
      headers: {
        'content-type': 'text/yaml; charset=utf-8',
        'content-disposition': 'attachment; filename="conversation.yaml"',
        'cache-control': 'no-store',
      },
    })
  })
  router.post(`${conversationsPath}/:id/replay`, ({ req }) =>
    answered(async () => need().replay(req.param('id'))),
  )
  router.post(`${conversationsPath}/:id/take-over`, ({ req }) =>
    answered(async () => {
      const { person } = await readObject(req.raw)
      await need().takeOver(req.param('id'), textOf(person, 'person'))
      return { person }
    }),
  )
  router.post(`${conversationsPath}/:id/say`, ({ req }) =>
    answered(async () => {
      const { person, text } = await readObject(req.raw)
      await need().say(req.param('id'), textOf(person, 'person'), textOf(text, 'text'))
      return { person }
    }, 202),
  )
  router.post(`${conversationsPath}/:id/hand-back`, ({ req }) =>
    answered(async () => {
      await need().handBack(req.param('id'))
      return { person: null }
    }),
  )
  router.post(`${conversationsPath}/:id/forget`, ({ req }) =>
    answered(async () => need().forget({ conversation: req.param('id') })),
  )
}

function filterOf(parameters: URLSearchParams): ConversationFilter {
  const filter: { -readonly [K in keyof ConversationFilter]: ConversationFilter[K] } = {}
  for (const name of ['bot', 'channel', 'search', 'after'] as const) {
    const value = parameters.get(name)
    if (value) filter[name] = value
  }
  const asks = parameters.get('asksForPerson')
  if (asks !== null) {
    if (asks !== 'true' && asks !== 'false') throw badInput('asksForPerson: true or false')
    filter.asksForPerson = asks === 'true'
  }
  const limit = parameters.get('limit')
  if (limit !== null) {
    if (!/^[1-9]\d{0,2}$/.test(limit)) throw badInput('limit: a whole number from 1 to 999')
    filter.limit = Number(limit)
  }
  return filter
}
