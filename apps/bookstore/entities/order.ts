/**
 * What a reader bought. Only that reader and admins see it. Orders are placed by `placeOrder`, which takes the prices and
 * the stock from the books; no rule lets readers write them in another way.
 */
import {
  belongsTo,
  createdAt,
  current,
  decimal,
  Entity,
  hasMany,
  id,
  int,
  object,
  oneOf,
  string,
  updatedAt,
} from '@typestead/entity'
import { OrderLine } from './order-line.ts'
import { admin } from './roles.ts'
import { User } from './user.ts'

export const orderStates = ['placed', 'paid', 'shipped', 'delivered', 'cancelled'] as const

export class Order extends Entity(
  'Order',
  {
    id: id(),
    status: oneOf(...orderStates)
      .default('placed')
      .index(),
    total: decimal(10, 2).describe('In euros; the sum of its lines.'),
    shipTo: object({
      name: string().trim().min(1).max(160),
      street: string().trim().min(1).max(200),
      postcode: string().trim().max(20),
      city: string().trim().min(1).max(120),
      country: string().trim().min(1).max(80),
    }),
    note: string().max(1000).nullable(),
    placedAt: createdAt().index(),
    updatedAt: updatedAt(),
    version: int().default(0),
    get customer() {
      return belongsTo(User).readonly()
    },
    get lines() {
      return hasMany(OrderLine, 'order')
    },
  },
  {
    version: 'version',
    description: 'What a reader bought.',
    allow: {
      read: [admin, { customer: current('userId') }],
      create: admin,
      update: admin,
      delete: admin,
    },
  },
) {}
