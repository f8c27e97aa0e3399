/**
 * What the service's tables keep of one person in one bot, found and removed. Turns are kept by swapping their conversation's row,
 * so a turn that began before finds no row, or another mark, and is not kept: in PostgreSQL all of that waits for the lock here, in
 * SQLite for its one writer. A crash leaves everything, or nothing.
 */
import type { Dialect, Journal, SqlRunner } from '@typestead/journal'
import { memoryOwner } from '../turns/played-turn.ts'
import { plain } from '../turns/turn-commit.ts'
import type { Target } from './conversation-rows.ts'
import { markForgetting } from './forgettings.ts'

export interface Person {
  readonly bot: string
  /** The messenger, and its name for them; null: `user` is what callers of an API give. */
  readonly channel: string | null
  readonly user: string
}

export interface Removed {
  readonly conversations: number
  readonly turns: number
  readonly memories: number
}

interface FoundConversation {
  readonly id: string
  readonly target: Target | null
}

/** Whose conversation it is; undefined where there is none. */
export async function personOfConversation(
  { database }: Journal,
  id: string,
): Promise<Person | undefined> {
  const [row] = await database.read({
    text: `select bot, who, target from ${database.dialect.table('bot_conversation')} where id = $1`,
    values: [id],
  })
  return row && personOf(row)
}

/** Who has a name as lists of conversations show it: a messenger's users are told by their own. */
export async function personNamed(
  { database }: Journal,
  bot: string,
  user: string,
): Promise<Person> {
  const [row] = await database.read({
    text: `select bot, who, target from ${database.dialect.table('bot_conversation')}
where bot = $1 and who = $2 and target is not null limit 1`,
    values: [bot, user],
  })
  return row ? personOf(row) : { bot, channel: null, user }
}

function personOf([bot, who, target]: readonly unknown[]): Person {
  const { channel, user } = targetOf(target) ?? { channel: null, user: String(who) }
  return { bot: String(bot), channel, user }
}

/** Where a messenger's user speaks. */
export async function placesOf(journal: Journal, person: Person): Promise<string[]> {
  const { database } = journal
  const found = await conversationsOf((one) => database.read(one), database.dialect, person)
  return [...new Set(found.flatMap(({ target }) => target?.conversation ?? []))]
}

/** Nobody keeps a turn from here to the end of the transaction. */
export async function beginForgetting({ database }: Journal, tx: SqlRunner): Promise<void> {
  const { dialect } = database
  if (dialect.kind === 'sqlite') return
  await tx.run({
    text: `lock table ${dialect.table('bot_conversation')} in share row exclusive mode`,
    values: [],
  })
}

/** After `beginForgetting`, in its transaction. */
export async function removePerson(
  { database }: Journal,
  tx: SqlRunner,
  person: Person,
): Promise<Removed> {
  const { dialect } = database
  const found = await conversationsOf(tx.run.bind(tx), dialect, person)
  const ids = JSON.stringify(found.map(({ id }) => id))
  const remove = async (name: string, column: string, returned: string) =>
    tx.run({
      text: `delete from ${dialect.table(name)} where ${column} in (${dialect.list('$1', 'text')}) returning ${returned}`,
      values: [ids],
    })
  const turns = await remove('bot_turn', 'conversation', 'n')
  const conversations = await remove('bot_conversation', 'id', 'turns')
  const { bot, channel, user } = person
  const target = channel === null ? null : { channel, conversation: '', user, attributes: {} }
  const memories = await tx.run({
    text: `delete from ${dialect.table('bot_memory')} where bot = $1 and who = $2 returning name`,
    values: [bot, plain(memoryOwner(user, target))],
  })
  await markForgetting(dialect, tx)
  return {
    // A claim alone made those without a turn.
    conversations: conversations.filter(([count]) => Number(count) > 0).length,
    turns: turns.length,
    memories: memories.length,
  }
}

/** In every alias. A row that a claim made has no target yet: its user's name tells. */
async function conversationsOf(
  run: SqlRunner['run'],
  dialect: Dialect,
  { bot, channel, user }: Person,
): Promise<FoundConversation[]> {
  const text = `select id, target from ${dialect.table('bot_conversation')} where bot = $1`
  if (channel === null) {
    const rows = await run({
      text: `${text} and who = $2 and target is null`,
      values: [bot, user],
    })
    return rows.map(([id]) => ({ id: String(id), target: null }))
  }
  const like = (one: string) => one.replace(/[\\%_]/g, '\\$&')
  const rows = await run({
    text: `${text} and channel = $2 and (who = $3 or who like $4 escape '\\')`,
    values: [bot, channel, `${channel}/${user}`, `${like(channel)}/%/${like(user)}`],
  })
  return rows
    .map(([id, target]) => ({ id: String(id), target: targetOf(target) }))
    .filter(({ target }) => target === null || target.user === user)
}

/** Written by a commit, of a Target. */
function targetOf(cell: unknown): Target | null {
  return cell === null ? null : (JSON.parse(String(cell)) as Target)
}
