/** The cart: kept in the browser, the same in every tab, whoever is signed in. */
import { type Cell, computed, Manager } from '@typestead/screens'
import type { PreferencesManager } from '@typestead/screens/managers'
import type { Book } from '../api/answers.ts'
import { newId } from './new-id.ts'

/** A line says what it was when it was put in, so that the cart can be read without the server. */
export interface CartLine {
  readonly id: string
  readonly title: string
  readonly author: string
  readonly genre: string
  readonly price: string
  readonly quantity: number
}

interface Cart {
  /** The id that the order will have: asking twice for it places one order. */
  readonly order: string
  readonly lines: readonly CartLine[]
}

/** More copies of one book in one order are refused by the shop. */
export const mostCopies = 1000

export class CartManager extends Manager {
  readonly #cart: Cell<Cart>
  readonly lines = computed(() => this.#cart.value.lines)
  readonly copies = computed(() =>
    this.lines.value.reduce((sum, { quantity }) => sum + quantity, 0),
  )

  constructor(preferences: PreferencesManager) {
    super()
    this.#cart = preferences.preference('cart', emptyCart(), parseCart)
  }

  /** The id that an order of these lines has. */
  get order(): string {
    return this.#cart.peek().order
  }

  quantityOf(id: string): number {
    return this.lines.value.find((line) => line.id === id)?.quantity ?? 0
  }

  add({ id, title, author, genre, price }: Book): void {
    this.#change((lines) => {
      const line = lines.find((one) => one.id === id)
      if (line !== undefined) return lines.map((one) => (one === line ? more(one) : one))
      return [...lines, { id, title, author: author.name, genre, price, quantity: 1 }]
    })
  }

  /** None takes the line out. */
  setQuantity(id: string, quantity: number): void {
    const copies = Math.min(Math.max(Math.trunc(quantity), 0), mostCopies)
    this.#change((lines) =>
      copies === 0
        ? lines.filter((line) => line.id !== id)
        : lines.map((line) => (line.id === id ? { ...line, quantity: copies } : line)),
    )
  }

  /** Puts a line back where it was. */
  putBack(line: CartLine, at: number): void {
    this.#change((lines) => lines.toSpliced(at, 0, line))
  }

  clear(): void {
    this.#cart.set(emptyCart())
  }

  #change(change: (lines: readonly CartLine[]) => readonly CartLine[]): void {
    this.#cart.update(({ lines }) => ({ order: newId(), lines: change(lines) }))
  }
}

function more(line: CartLine): CartLine {
  return { ...line, quantity: Math.min(line.quantity + 1, mostCopies) }
}

function emptyCart(): Cart {
  return { order: newId(), lines: [] }
}

function parseCart(stored: unknown): Cart | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { order, lines } = stored as Partial<Cart>
  if (typeof order !== 'string' || !Array.isArray(lines)) return undefined
  return lines.every(isLine) ? { order, lines } : undefined
}

function isLine(line: unknown): line is CartLine {
  if (typeof line !== 'object' || line === null) return false
  const { id, title, author, genre, price, quantity } = line as Partial<CartLine>
  return (
    [id, title, author, genre, price].every((text) => typeof text === 'string') &&
    Number.isSafeInteger(quantity)
  )
}
