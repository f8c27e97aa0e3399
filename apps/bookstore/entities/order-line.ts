/** Some copies of one book in an order, at the price of that day. Seen by who sees the order. */
import { belongsTo, current, decimal, Entity, id, int } from '@typestead/entity'
import { Book } from './book.ts'
import { Order } from './order.ts'
import { admin } from './roles.ts'

export class OrderLine extends Entity(
  'OrderLine',
  {
    id: id(),
    quantity: int().min(1, 'An order line has at least one copy').max(1000),
    unitPrice: decimal(8, 2).describe('In euros, when the order was placed.'),
    get order() {
      return belongsTo(Order).readonly().onDelete('cascade')
    },
    get book() {
      return belongsTo(Book).readonly()
    },
  },
  {
    unique: [['order', 'book']],
    description: 'Some copies of one book in an order.',
    allow: {
      read: [admin, { order: { customer: current('userId') } }],
      create: admin,
      update: admin,
      delete: admin,
    },
  },
) {}
