/** The orders of who is signed in, with their states as they are now. */
import {
  cell,
  computed,
  flush,
  Manager,
  type Resource,
  reaction,
  resource,
} from '@typestead/screens'
import type { AppStateManager } from '@typestead/screens/managers'
import { myOrdersDocument, type Order, orderChangedDocument } from '../api/answers.ts'
import type { AccountManager } from './account-manager.ts'
import { follow } from './follow.ts'
import type { ServerManager } from './server-manager.ts'

export class OrdersManager extends Manager {
  readonly #server: ServerManager
  readonly #account: AccountManager
  readonly #appState: AppStateManager
  /** States that were heard of after the orders were read. */
  readonly #heard = cell<ReadonlyMap<string, Order['status']>>(new Map())
  #orders: Resource<readonly Order[]> | undefined

  constructor(server: ServerManager, account: AccountManager, appState: AppStateManager) {
    super()
    this.#server = server
    this.#account = account
    this.#appState = appState
  }

  /** Newest first; not there until it is known who is signed in, and read anew for another reader. */
  get orders(): Resource<readonly Order[]> {
    if (this.#orders === undefined) throw new TypeError('the orders manager has not begun')
    return this.#orders
  }

  protected override onInit(): void {
    const reader = computed(() => this.#account.user.value?.id)
    const read = resource(async (signal) => {
      this.#server.returns.value
      const id = reader.value
      if (id === undefined) return { of: id, orders: [] }
      const { me } = await this.#server.client.request(myOrdersDocument, {}, { signal })
      this.#heard.set(new Map())
      return { of: id, orders: me?.orders ?? [] }
    })
    this.#orders = {
      value: computed(() => {
        const { value } = read.value
        return value?.of === reader.value ? value?.orders : undefined
      }),
      error: read.error,
      loading: read.loading,
      reload: () => read.reload(),
    }
    reaction(() => {
      this.#server.returns.value
      const user = this.#account.user.value
      if (!user || !this.#appState.visible.value) return
      const stop = new AbortController()
      void this.#follow(user.id, stop.signal)
      return () => stop.abort()
    })
  }

  /** The state of an order as it is now. */
  statusOf({ id, status }: Order): Order['status'] {
    return this.#heard.value.get(id) ?? status
  }

  reload(): void {
    this.orders.reload()
  }

  async cancel(id: string): Promise<void> {
    const document = 'mutation ($id: ID!) { cancelOrder(id: $id) { id status } }'
    const { cancelOrder } = await this.#server.client.request(
      document,
      { id },
      { signal: this.signal },
    )
    this.#hear(cancelOrder)
  }

  #follow(user: string, signal: AbortSignal): Promise<unknown> {
    const { client } = this.#server
    return follow(
      {
        subscribe: (after, until) => {
          const variables = after === undefined ? {} : { after }
          return client.subscribe(orderChangedDocument, variables, { signal: until })
        },
        heard: ({ orderChanged: { cursor, node } }) => {
          // Those who run the shop hear of all orders.
          if (node.customer?.id === user) this.#hear(node)
          return cursor
        },
        lost: async (error) => {
          this.#account.recheck(error)
          this.reload()
        },
      },
      signal,
    )
  }

  #hear({ id, status }: Pick<Order, 'id' | 'status'>): void {
    this.#heard.update((heard) => new Map([...heard, [id, status]]))
    const known = this.orders.value.peek()
    if (known !== undefined && !known.some((order) => order.id === id)) this.reload()
    flush()
  }
}
