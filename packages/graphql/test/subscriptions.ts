/** A chat: messages in rooms that a rule hides, a soft deletion, changes as subscriptions. */
import {
  belongsTo,
  boolean,
  current,
  datetime,
  defineModel,
  Entity,
  hasMany,
  id,
  int,
  string,
  when,
} from '@typestead/entity'
import type { Database } from '@typestead/store'
import {
  type ApiOptions,
  changed,
  create,
  graphql,
  list,
  remove,
  removeMany,
  update,
  updateMany,
  upsert,
  view,
} from '../src/index.ts'

export class Room extends Entity('Room', {
  id: id(),
  name: string().unique(),
  open: boolean().default(true),
  get messages() {
    return hasMany(Message, 'room')
  },
}) {}

export class Message extends Entity(
  'Message',
  {
    id: id(),
    text: string().min(1),
    likes: int().default(0),
    secret: boolean().default(false),
    deletedAt: datetime().nullable(),
    owner: string().default('nobody'),
    get room() {
      return belongsTo(Room).onDelete('cascade')
    },
  },
  {
    softDelete: 'deletedAt',
    allow: {
      read: [
        when({ role: 'admin' }),
        { owner: current('name') },
        { secret: false, room: { open: true } },
      ],
    },
  },
) {}

export const chat = defineModel({ Room, Message })

export interface ChatContext {
  readonly current: { readonly role: string; readonly name: string }
}

export const chatApi = (db: Database, options: Partial<ApiOptions<ChatContext>> = {}) => {
  const Rooms = view(Room)
  const Messages = view(Message, { omit: ['deletedAt'] })
  return graphql<ChatContext>(db, {
    context: (request, payload) => ({
      current: {
        role: request.headers.get('x-role') ?? String(payload?.role ?? 'reader'),
        name: request.headers.get('x-name') ?? String(payload?.name ?? ''),
      },
    }),
    types: { Room: Rooms, Message: Messages },
    live: true,
    queries: { rooms: list(Rooms), messages: list(Messages, { orderBy: { likes: 'asc' } }) },
    mutations: {
      createRoom: create(Rooms, { nested: ['messages'] }),
      updateRoom: update(Rooms, { nested: ['messages'] }),
      upsertRoom: upsert(Rooms, { by: 'name' }),
      createMessage: create(Messages, { nested: ['room'] }),
      deleteMessage: remove(Messages),
      likeMessages: updateMany(Messages),
      deleteMessages: removeMany(Messages),
    },
    subscriptions: { messageChanged: changed(Messages), roomChanged: changed(Rooms) },
    ...options,
  })
}
