/** @jsxImportSource @typestead/screens */
/** An order sent on its way: its state and address, by the form that its entity has. */
import { page } from '@typestead/screens'
import { AdminOnly } from '../account/signed-in.tsx'
import { Empty, Layout } from '../frame/layout.tsx'
import { NoticeManager } from '../managers/notice-manager.ts'
import { manageOrderRoute, manageOrdersRoute } from '../routes.ts'
import { RowForm } from './row-form.tsx'

export const manageOrderPage = page({
  route: manageOrderRoute,
  title: 'Edit an order · Bookstore',
  view: ({ scope, params }) => (
    <Layout class="manage-page narrow">
      <nav class="crumbs" aria-label="Where you are">
        <a href={manageOrdersRoute.href()}>Orders</a>
      </nav>
      <h1>Edit an order</h1>
      <AdminOnly scope={scope}>
        {() => (
          <RowForm
            scope={scope}
            entity="Order"
            id={params.id}
            relations={{}}
            omit={['id', 'customer', 'placedAt', 'updatedAt', 'total']}
            submitLabel="Save"
            missing={() => <Empty title="There is no such order" />}
            done={() => scope.find(NoticeManager).tell({ text: 'The order is saved.' })}
          />
        )}
      </AdminOnly>
    </Layout>
  ),
})
