/** A process that writes once and dies at a given point of it: `node mongo-writer.ts <url> <point> <action> [skip]`. */
import { Database } from '@typestead/store'
import { connectMongo } from '../src/mongo/connect.ts'
import { Key, KeyNext, keyModel, keyNextModel } from './mongo-crash-models.ts'

const [url = '', point = '', action = '', skip = '0'] = process.argv.slice(2)
let armed = false
let left = Number(skip)

const model = action === 'migrate' ? keyNextModel : keyModel
const backend = await connectMongo(model, url, {}, (at) => {
  if (armed && at === point && left-- === 0) process.kill(process.pid, 'SIGKILL')
})
const db = new Database(model, backend)
armed = true
switch (action) {
  case 'create':
    await db.create(Key, { name: 'crashed' })
    break
  case 'createMany':
    await db.createMany(Key, [{ name: 'one' }, { name: 'two' }, { name: 'three' }])
    break
  case 'update':
    await db.updateMany(Key, { name: 'there' }, { name: 'changed' })
    break
  case 'delete':
    await db.deleteMany(Key, { name: 'there' })
    break
  case 'migrate':
    await db.migrations.apply()
    break
  default:
    throw new Error(`no action "${action}"`)
}
await backend[Symbol.asyncDispose]()
process.stdout.write(`survived with ${KeyNext.entityName}\n`)
