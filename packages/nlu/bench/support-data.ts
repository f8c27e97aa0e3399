/** 240 sentences of 12 intents with entities, made up from small lists: what a support team starts with. */
export interface SupportExample {
  readonly text: string
  readonly intent: string
  readonly entities: readonly {
    readonly start: number
    readonly end: number
    readonly entity: string
    readonly value: string
  }[]
}

const frames: Readonly<Record<string, readonly string[]>> = {
  device_failure: [
    'my {} is not working',
    'the {} will not start',
    'my {} crashed',
    'help, the {} is broken',
  ],
  return_item: [
    'I want to return my {}',
    'how do I send the {} back',
    'the {} is not what I ordered',
    'take back this {}',
  ],
  price: [
    'how much is the {}',
    'what does a {} cost',
    'price of the {} please',
    'is the {} expensive',
  ],
  availability: [
    'do you have the {} in stock',
    'is the {} available',
    'when do you get the {} again',
    'any {} left',
  ],
  warranty: [
    'is there a warranty on the {}',
    'how long is my {} covered',
    'warranty for my {}',
    'my {} is two years old, am I covered',
  ],
  repair: [
    'can you repair my {}',
    'I need someone to fix the {}',
    'where can I bring the {} for repair',
    'fix my {} please',
  ],
  setup: [
    'how do I set up the {}',
    'help me install my {}',
    'connect the {} for the first time',
    'first steps with the {}',
  ],
  lost: ['I lost my {}', 'somebody stole my {}', 'my {} is gone', 'I can not find the {}'],
  order: [
    'I want to buy a {}',
    'order a {} for me',
    'please send me one {}',
    'add a {} to my cart',
  ],
  cancel: [
    'cancel my order of the {}',
    'I do not want the {} anymore',
    'stop the delivery of the {}',
    'please cancel the {}',
  ],
  delivery: [
    'where is my {}',
    'when will the {} arrive',
    'track the {} I ordered',
    'the {} has not come yet',
  ],
  upgrade: [
    'I would like a newer {}',
    'upgrade my {}',
    'which {} is better than mine',
    'trade in my old {}',
  ],
}
const devices = ['phone', 'laptop', 'tablet', 'smart watch', 'router']

export function supportExamples(): SupportExample[] {
  return Object.entries(frames).flatMap(([intent, sentences]) =>
    sentences.flatMap((sentence) =>
      devices.map((device) => {
        const start = sentence.indexOf('{}')
        const text = sentence.replace('{}', device)
        return {
          text,
          intent,
          entities: [{ start, end: start + device.length, entity: 'device', value: device }],
        }
      }),
    ),
  )
}

/** Sentences that are asked of every side; the right intents, in order, are the answer that is compared. */
export const questions = [
  'my phone is broken',
  'how much is the tablet',
  'I lost my laptop',
  'cancel my order of the router',
  'when will the phone arrive',
]
