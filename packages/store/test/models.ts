/** The model that both stores are tried with: a small office with teams, members, posts and papers. */
import {
  belongsTo,
  boolean,
  bytes,
  current,
  date,
  datetime,
  decimal,
  defineModel,
  Entity,
  float,
  hasMany,
  hasOne,
  id,
  int,
  int8,
  json,
  list,
  object,
  oneOf,
  string,
  updatedAt,
  uuid,
  when,
} from '@typestead/entity'

/** Every kind of field, each nullable, so that null is tried with each too. */
export class Sample extends Entity('Sample', {
  id: id(),
  uuid: uuid().nullable(),
  text: string().nullable(),
  choice: oneOf('b', 'a', 'C').nullable(),
  int: int().nullable(),
  big: int8().nullable(),
  double: float().nullable(),
  price: decimal(30, 4).nullable(),
  flag: boolean().nullable(),
  at: datetime().nullable(),
  day: date().nullable(),
  free: json().nullable(),
  blob: bytes().nullable(),
  place: object({
    city: string(),
    zip: string().nullable(),
    height: decimal(8, 2).nullable(),
    built: datetime().nullable(),
    inner: object({ depth: int() }).nullable(),
  }).nullable(),
  tags: list(string()).nullable(),
  numbers: list(int()).nullable(),
  spots: list(object({ x: int(), y: decimal(6, 1) })).nullable(),
  grid: list(list(int())).nullable(),
}) {}

export class Team extends Entity('Team', {
  id: id(),
  name: string().unique(),
  get members() {
    return hasMany(Member, 'team')
  },
}) {}

export class Member extends Entity('Member', {
  id: id(),
  email: string().email().unique(),
  name: string(),
  nick: string().nullable().unique(),
  age: int().nullable(),
  password: string().min(3).secret().default('secret'),
  updatedAt: updatedAt(),
  get team() {
    return belongsTo(Team).nullable().onDelete('setNull')
  },
  get posts() {
    return hasMany(Post, 'author')
  },
  get profile() {
    return hasOne(Profile, 'member')
  },
}) {
  greeting(): string {
    return `I am ${this.name}`
  }
}

export class Profile extends Entity('Profile', {
  id: id(),
  bio: string(),
  get member() {
    return belongsTo(Member).unique().onDelete('cascade')
  },
}) {}

export class Post extends Entity('Post', {
  id: id(),
  title: string(),
  likes: int().default(0),
  score: float().nullable(),
  get author() {
    return belongsTo(Member)
  },
  get comments() {
    return hasMany(Comment, 'post')
  },
}) {}

export class Comment extends Entity('Comment', {
  id: id(),
  text: string(),
  get post() {
    return belongsTo(Post).onDelete('cascade')
  },
  get author() {
    return belongsTo(Member).nullable().onDelete('setNull')
  },
}) {}

/** A key of two parts, one of which is a link. */
export class Enrolment extends Entity(
  'Enrolment',
  {
    course: string(),
    grade: int().nullable(),
    get member() {
      return belongsTo(Member).onDelete('cascade')
    },
    get marks() {
      return hasMany(Mark, 'enrolment')
    },
  },
  { key: ['member', 'course'] },
) {}

export class Mark extends Entity('Mark', {
  id: id(),
  value: int(),
  get enrolment() {
    return belongsTo(Enrolment).onDelete('cascade')
  },
}) {}

/** Soft deletion, an optimistic lock, and a unique group one part of which may be null. */
export class Slot extends Entity(
  'Slot',
  {
    id: id(),
    room: string(),
    hour: int().nullable(),
    code: string().nullable().unique(),
    version: int().default(1),
    deletedAt: datetime().nullable(),
  },
  { unique: [['room', 'hour']], version: 'version', softDelete: 'deletedAt' },
) {}

/** Rows of tenants, and rules of each kind, one of which looks through a relation. */
export class Paper extends Entity(
  'Paper',
  {
    id: id(),
    tenant: string(),
    title: string(),
    state: oneOf('draft', 'final').default('draft'),
    secretNote: string().nullable(),
    get owner() {
      return belongsTo(Reader)
    },
    get sheets() {
      return hasMany(Sheet, 'paper')
    },
  },
  {
    tenant: 'tenant',
    unique: [['tenant', 'title']],
    allow: {
      read: [
        when({ role: 'admin' }),
        { owner: current('user') },
        { state: 'final', owner: { circle: current('circle') } },
      ],
      create: [when({ role: 'admin' }), { owner: current('user') }],
      update: [when({ role: 'admin' }), { owner: current('user'), state: 'draft' }],
      delete: [when({ role: 'admin' }), { owner: { circle: current('circle') }, state: 'draft' }],
    },
  },
) {}

export class Reader extends Entity('Reader', {
  id: id(),
  name: string(),
  circle: string().nullable(),
  get papers() {
    return hasMany(Paper, 'owner')
  },
}) {}

export class Sheet extends Entity('Sheet', {
  id: id(),
  text: string(),
  get paper() {
    return belongsTo(Paper).onDelete('cascade')
  },
}) {}

export const model = defineModel({
  Sample,
  Team,
  Member,
  Profile,
  Post,
  Comment,
  Enrolment,
  Mark,
  Slot,
  Paper,
  Reader,
  Sheet,
})

export type OfficeModel = typeof model
