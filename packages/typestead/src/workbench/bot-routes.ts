/**
 * `/_typestead/bots`: the bots; `/<bot>?alias=` one with its model, versions and aliases; `/<bot>/picture?alias=` its
 * conversation as SVG; `PUT /<bot> { model, checksum }` builds the draft, `POST /<bot>/publish { alias, description, checksum }`,
 * `PUT|DELETE /<bot>/aliases/<alias> { version, checksum }`, `POST /<bot>/turns { alias, user, text }` speaks with it.
 */
import type { BotModel, BotService, Transcript } from '@typestead/bot'
import type { Hono } from 'hono'
import { answered, badInput, optionalText, readObject, textOf } from './bot-answers.ts'

export const botsPath = '/_typestead/bots'

/** What the console needs of an app's bots. */
export interface ShownBots {
  readonly service: BotService
  /** SVG. */
  draw(model: BotModel, locale: string): string
  /** A conversation as a test in YAML, with personal data masked. */
  transcriptFile(transcript: Transcript): Promise<string>
}

/** @param find the app's bots; undefined where it has none */
export function addBots(
  router: Hono,
  find: () => ShownBots | undefined,
  need: () => ShownBots,
): void {
  router.get(botsPath, () =>
    answered(async () => {
      const found = find()
      return { hasBots: found !== undefined, bots: (await found?.service.bots()) ?? [] }
    }),
  )
  router.get(`${botsPath}/:bot`, ({ req }) =>
    answered(async () => {
      const { service } = need()
      const bot = req.param('bot')
      const [found, versions, aliases, bots] = await Promise.all([
        service.model(bot, req.query('alias') ?? '$LATEST'),
        service.versions(bot),
        service.aliases(bot),
        service.bots(),
      ])
      const checksum = bots.find((one) => one.bot === bot)?.checksum ?? null
      return { ...found, versions, aliases, checksum }
    }),
  )
  router.get(`${botsPath}/:bot/picture`, async ({ req }) => {
    const bots = need()
    let svg = ''
    const failed = await answered(async () => {
      const { model } = await bots.service.model(req.param('bot'), req.query('alias') ?? '$LATEST')
      svg = bots.draw(model, req.query('locale') ?? model.defaultLocale)
      return {}
    })
    if (!failed.ok) return failed
    return new Response(svg, {
      headers: { 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'no-store' },
    })
  })
  addVersions(router, () => need().service)
  router.post(`${botsPath}/:bot/turns`, ({ req }) =>
    answered(async () => {
      const { alias, user, text, locale } = await readObject(req.raw)
      return need().service.turn({
        bot: req.param('bot'),
        alias: textOf(alias, 'alias'),
        user: textOf(user, 'user'),
        text: textOf(text, 'text'),
        ...optionalText(locale, 'locale'),
      })
    }),
  )
}

function addVersions(router: Hono, service: () => BotService): void {
  router.put(`${botsPath}/:bot`, ({ req }) =>
    answered(async () => {
      const { model, checksum } = await readObject(req.raw)
      if (typeof model !== 'object' || model === null) throw badInput('model: the bot as JSON')
      if (!('name' in model) || model.name !== req.param('bot')) {
        throw badInput('model.name: must be the name in the address')
      }
      // Checked whole by the service, which names every place that is wrong.
      return service().build(model as BotModel, optionalText(checksum, 'checksum'))
    }),
  )
  router.delete(`${botsPath}/:bot`, ({ req }) =>
    answered(async () => ({ deleted: await service().deleteBot(req.param('bot')) })),
  )
  router.post(`${botsPath}/:bot/publish`, ({ req }) =>
    answered(async () => {
      const { alias, description, checksum } = await readObject(req.raw)
      return service().publish(req.param('bot'), {
        ...optionalText(alias, 'alias'),
        ...optionalText(description, 'description'),
        ...optionalText(checksum, 'checksum'),
      })
    }),
  )
  router.put(`${botsPath}/:bot/aliases/:alias`, ({ req }) =>
    answered(async () => {
      const { version, checksum } = await readObject(req.raw)
      const known = optionalText(checksum, 'checksum').checksum
      const { bot, alias } = req.param()
      return service().setAlias(bot, alias, textOf(version, 'version'), known)
    }),
  )
  router.delete(`${botsPath}/:bot/aliases/:alias`, ({ req }) =>
    answered(async () => {
      const { bot, alias } = req.param()
      return { deleted: await service().deleteAlias(bot, alias) }
    }),
  )
}
