/** `node main.ts`: plays the conversation and prints it; `node main.ts chat`: you are the reader. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openBookShop } from './book-shop.ts'
import { purchaseBook } from './purchase-book.ts'

const conversation = ['I want to order some books', 'fantasy', 'moby dick', 'twilight', 'yes']

const folder = await mkdtemp(join(tmpdir(), 'lex-book-bot-'))
try {
  await using shop = await openBookShop(purchaseBook(), folder)
  if (process.argv[2] === 'chat') {
    const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' })
    lines.prompt()
    for await (const line of lines) {
      if (line.trim() !== '') console.log(await shop.say(line))
      lines.prompt()
    }
  } else {
    for (const text of conversation) console.log(`> ${text}\n${await shop.say(text)}`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
