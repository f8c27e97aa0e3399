/** Numbers, prices and days as people read them. */
import type { Order } from '../api/answers.ts'

const euros = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'EUR' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' })
const whole = new Intl.NumberFormat()

/** Decimals come as text; a price has few enough digits to be shown from a number. */
export function priceText(price: string | number): string {
  return euros.format(Number(price))
}

export function dayText(instant: string): string {
  return day.format(new Date(instant))
}

export function countText(count: number, one: string, many: string): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`
}

export function stockText(stock: number): string {
  if (stock <= 0) return 'Sold out'
  return stock <= 5 ? `Only ${stock} left` : `${whole.format(stock)} in stock`
}

export function stockClass(stock: number): string {
  return stock <= 0 ? 'stock none' : stock <= 5 ? 'stock few' : 'stock'
}

/** The sum of copies at their prices, to the cent. */
export function totalOf(
  lines: readonly { readonly price: string; readonly quantity: number }[],
): number {
  const cents = lines.reduce(
    (sum, { price, quantity }) => sum + Math.round(Number(price) * 100) * quantity,
    0,
  )
  return cents / 100
}

export const statusNames: Readonly<Record<Order['status'], string>> = {
  placed: 'Placed',
  paid: 'Paid',
  shipped: 'On its way',
  delivered: 'Delivered',
  cancelled: 'Cancelled',
}
