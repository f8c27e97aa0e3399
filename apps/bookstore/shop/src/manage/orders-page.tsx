/** @jsxImportSource @typestead/screens */
/** The newest orders of all readers, for those who run the shop. */
import { PageController, page, type Resource, resource, type Scope } from '@typestead/screens'
import { type Child, For } from '@typestead/screens/dom'
import { AdminOnly } from '../account/signed-in.tsx'
import type { DataOf } from '../api/data-of.ts'
import { Layout } from '../frame/layout.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { dayText, priceText, statusNames } from '../frame/text.ts'
import { ServerManager } from '../managers/server-manager.ts'
import { manageOrderRoute, manageOrdersRoute } from '../routes.ts'
import { ManageTabs } from './manage-tabs.tsx'

const ordersDocument =
  '{ orders(first: 50, orderBy: [{ placedAt: DESC }]) { nodes { id status total placedAt shipTo { name city } } } }'

type Orders = DataOf<typeof ordersDocument>['orders']['nodes']

class ManageOrdersController extends PageController {
  readonly #server: ServerManager

  constructor(s: Scope) {
    super()
    this.#server = s.find(ServerManager)
  }

  list(): Resource<Orders> {
    return resource(async (signal) => {
      this.#server.returns.value
      const { orders } = await this.#server.client.request(ordersDocument, {}, { signal })
      return orders.nodes
    })
  }
}

export const manageOrdersPage = page({
  route: manageOrdersRoute,
  title: 'Manage orders · Bookstore',
  controller: ManageOrdersController,
  bindings: (s) => s.lazyPut(ManageOrdersController, (s) => new ManageOrdersController(s)),
  view: ({ c, scope }) => (
    <Layout class="manage-page">
      <h1>Manage the shop</h1>
      <AdminOnly scope={scope}>
        {() => (
          <>
            <ManageTabs at="orders" />
            <Loaded of={c.list()} what="the orders">
              {(list) => (
                <div class="table-frame">
                  <table class="table">
                    <thead>
                      <tr>
                        <th scope="col">Order</th>
                        <th scope="col">For</th>
                        <th scope="col" class="end">
                          Total
                        </th>
                        <th scope="col">State</th>
                      </tr>
                    </thead>
                    <tbody>
                      <For each={list} key={(order) => order.id}>
                        {(order) => <Row order={order.peek()} />}
                      </For>
                    </tbody>
                  </table>
                </div>
              )}
            </Loaded>
          </>
        )}
      </AdminOnly>
    </Layout>
  ),
})

function Row({ order }: { readonly order: Orders[number] }): Child {
  const { id, placedAt, shipTo, total, status } = order
  return (
    <tr>
      <th scope="row">
        <a href={manageOrderRoute.href({ id })}>{dayText(placedAt)}</a>
      </th>
      <td>{`${shipTo.name}, ${shipTo.city}`}</td>
      <td class="end">{priceText(total)}</td>
      <td>
        <span class={`status status-${status}`}>{statusNames[status]}</span>
      </td>
    </tr>
  )
}
