/**
 * Support: answers questions about devices, services and orders. What users say is what the support model is trained on,
 * stated once in `nlu/support.yml`.
 */
import { fileURLToPath } from 'node:url'
import { type BotDefinition, defineBot } from '@typestead/bot'
import { loadTrainingData, type TrainingData } from '@typestead/nlu'

export async function support(): Promise<BotDefinition> {
  const data = await loadTrainingData([
    fileURLToPath(new URL('../nlu/support.yml', import.meta.url)),
  ])
  const said = (intent: string) => utterancesOf(data, intent)
  return defineBot({
    name: 'Support',
    description: 'Answers questions about devices, services and orders.',
    sessionTtlSeconds: 900,
    slotTypes: {
      Device: { values: devicesOf(data), resolve: 'original' },
      Service: {
        values: ['internet', 'wifi', 'app', 'website', 'streaming', 'downloads'],
        resolve: 'original',
      },
    },
    intents: {
      Greet: {
        utterances: said('greet'),
        fulfil: (turn) => turn.close('Hello! What can I help you with?'),
      },
      Goodbye: { utterances: said('goodbye'), fulfil: (turn) => turn.close('Goodbye!') },
      Thanks: { utterances: said('thanks'), fulfil: (turn) => turn.close('You are welcome.') },
      DeviceFailure: {
        utterances: said('device_failure'),
        slots: {
          device: {
            type: 'Device',
            prompt: 'Which device is it?',
            retries: ['Is it a phone, a tablet or an e-reader?', 'Please name the device.'],
            selection: 'ordered',
          },
        },
        fulfil: (turn) => {
          turn.remember({ device: turn.slots.device })
          return turn.close(
            `I am sorry that your ${turn.slots.device} fails. Please switch it off for ten seconds; if that does not help, say "talk to a person".`,
          )
        },
      },
      ServiceInterruption: {
        utterances: said('service_interruption'),
        slots: { service: { type: 'Service', prompt: 'Which service is it?' } },
        fulfil: (turn) =>
          turn.close(`We are looking into the ${turn.slots.service}. It should be back soon.`),
      },
      OrderStatus: {
        utterances: said('order_status'),
        fulfil: (turn) => turn.close('Sign in and open "Orders": each order shows where it is.'),
      },
      ReturnOrder: {
        utterances: said('return_order'),
        fulfil: (turn) =>
          turn.close('You can return a book within 30 days: open the order and choose "Cancel".'),
      },
      Refund: {
        utterances: said('refund'),
        fulfil: (turn) =>
          turn.close('Refunds take five working days after the book is back with us.'),
      },
      AccountHelp: {
        utterances: said('account_help'),
        fulfil: (turn) => turn.close('You can change your account at "Sign in", then "Profile".'),
      },
      OpeningHours: {
        utterances: said('opening_hours'),
        fulfil: (turn) => turn.close('The shop is open from 9 to 18, Monday to Saturday.'),
      },
    },
    // What the bot itself tells people to say is the first.
    phrases: { person: ['talk to a person', ...said('human')] },
    clarification: {
      prompt: 'Sorry, I did not understand. What does not work?',
      retries: ['You can say: my phone is not turning on.', 'Or say "talk to a person".'],
      selection: 'ordered',
    },
    abort: 'I could not follow. Please say "talk to a person", or try again later.',
  })
}

/** The examples of an intent, with placeholders where its entities stand, and without marks that utterances may not have. */
function utterancesOf({ examples }: TrainingData, intent: string): string[] {
  const utterances = examples
    .filter((example) => example.intent === intent)
    .map(({ text, entities }) => {
      let utterance = text
      for (const { start, end, entity } of entities.toSorted((a, b) => b.start - a.start)) {
        if (entity !== 'device' && entity !== 'service') continue
        utterance = `${utterance.slice(0, start)}{${entity}}${utterance.slice(end)}`
      }
      return utterance.replace(/[?!,]/g, '').replace(/\s+/g, ' ').trim()
    })
  return [...new Set(utterances)]
}

/** The devices of the lookup table, with their synonyms. */
function devicesOf({ lookups, synonyms }: TrainingData) {
  const devices = lookups.find(({ name }) => name === 'device')?.values ?? []
  const variants = (value: string) =>
    synonyms.filter((one) => one.value === value).flatMap((one) => one.variants)
  const others = new Set(devices.flatMap(variants))
  return devices
    .filter((device) => !others.has(device))
    .map((value) => ({ value, synonyms: variants(value) }))
}
