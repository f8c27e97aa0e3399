/** A conversation that was held in a service, written as a transcript and run again: personal data is gone, and it still goes as it went. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@typestead/journal'
import { expect, test } from 'vitest'
import { hookRegistry } from '../hooks/hook-registry.ts'
import { openBots } from '../service/open-bots.ts'
import { nluUnderstanding } from '../understanding/nlu-understanding.ts'
import { runTranscript } from './run-transcript.ts'
import { toTranscript } from './to-transcript.ts'
import { parseTranscript, writeTranscript } from './transcript-file.ts'

const visits = {
  name: 'Visits',
  intents: {
    Visit: {
      utterances: ['book a visit'],
      slots: {
        name: { type: 'AMAZON.FirstName', prompt: 'Name?' },
        phone: { type: 'AMAZON.PhoneNumber', prompt: 'Phone?', obfuscate: true },
        day: { type: 'AMAZON.Date', prompt: 'Day?' },
      },
      confirm: { prompt: '{name}, {phone}, {day}?', rejection: 'Okay.' },
      closing: 'Done, {name}.',
    },
  },
  locales: {
    de_DE: {
      intents: {
        Visit: {
          utterances: ['ich brauche einen termin'],
          slots: {
            name: { prompt: 'Ihr Name?' },
            phone: { prompt: 'Ihre Nummer?' },
            day: { prompt: 'Tag?' },
          },
          confirm: { prompt: '{name}, {phone}, {day}?', rejection: 'Gut.' },
          closing: 'Fertig, {name}.',
        },
      },
    },
  },
}

test('with a slot that is kept from view, in the language that was spoken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'transcripts-'))
  try {
    await using hooks = hookRegistry({ isolation: 'process' })
    const journal = sqlite(join(folder, 'bots.db'))
    await using bots = await openBots({ journal, understander: nluUnderstanding(), hooks })
    await bots.build(visits)
    const target = { bot: 'Visits', alias: '$LATEST' }
    for (const text of [
      'ich brauche einen termin',
      'ich heiße Anna',
      '030 / 123-456',
      'übermorgen',
      'nein, ich meinte morgen',
      'ja bitte',
    ]) {
      await bots.turn({ ...target, user: 'u', text, locale: 'de_DE' })
    }
    const { turns, session } = await bots.transcript('Visits/%24LATEST/u')
    const { model } = await bots.model('Visits', '$LATEST')
    const locale = session?.locale ?? ''
    const written = writeTranscript(
      toTranscript(turns, { locale, model: model.locales[locale] as never }),
    )
    expect(written).not.toMatch(/Anna|030|123/)
    expect(written).toContain('user: ich heiße Alex')
    expect(await runTranscript(bots, target, parseTranscript(written))).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
