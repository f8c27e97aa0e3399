/** Writes pairs of notes, each pair in one transaction, and prints a text once its commit was acknowledged. Runs until it is killed. */
import { defineModel, Entity, id, int, string } from '@typestead/entity'
import { open, postgres } from '../index.ts'

class Note extends Entity('Note', { id: id(), text: string(), likes: int().default(0) }) {}

const db = await open(defineModel({ Note }), postgres(process.argv[2] ?? ''))
for (let count = 0; ; count++) {
  const texts = [`${process.pid}-${count}-a`, `${process.pid}-${count}-b`]
  await db.transaction(async (tx) => {
    for (const text of texts) await tx.create(Note, { text })
  })
  process.stdout.write(`${texts.join('\n')}\n`)
}
