/** @jsxImportSource @typestead/screens */
/** A form and a table of an entity that the server described, for budgets.e2e.test.ts. */
import { cell } from '@typestead/screens'
import { DataTable, mount } from '@typestead/screens/dom'
import { columnsOf, createForm, entityOf, type FormModel, FormView } from '@typestead/screens/forms'

const root = document.querySelector('#root') as HTMLElement
const model: FormModel = await (await fetch('/model.json')).json()
const entity = entityOf(model, 'Book')
const form = createForm({ entity, submit: async () => {} })
const rows = cell<readonly Record<string, unknown>[]>([])
mount(root, () => (
  <main>
    <FormView form={form} />
    <DataTable
      label="Books"
      rows={rows}
      key={(row) => String(row.id)}
      columns={columnsOf(entity)}
    />
  </main>
))
