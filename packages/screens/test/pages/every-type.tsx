/** @jsxImportSource @typestead/screens */
/** A form of an entity with every type of field, for every-type.e2e.test.ts. */
import { For, mount, VirtualList } from '@typestead/screens/dom'
import { createForm, entityOf, type FormNode, FormView, ScalarNode } from '@typestead/screens/forms'
import { everyTypeModel } from '../every-type-model.ts'

const sent: unknown[] = []
const owner = { key: '0190a6e0-0000-7000-8000-00000000000a', label: 'Ada' }
const form = createForm({
  entity: entityOf(everyTypeModel, 'Thing'),
  submit: async (values) => void sent.push(values),
  relations: { owner: { search: async () => [owner] } },
})

function Stars({ node }: { readonly node: FormNode }) {
  const text = node instanceof ScalarNode ? node.text : undefined
  return (
    <fieldset class="stars">
      <legend>Stars</legend>
      <For each={() => ['1', '2', '3']} key={(value) => value}>
        {(value) => (
          <label>
            <input type="radio" name="stars" onChange={() => text?.set(value.peek())} /> {value}
          </label>
        )}
      </For>
    </fieldset>
  )
}

mount(document.querySelector('#root') as HTMLElement, () => (
  <main>
    <h1>Thing</h1>
    <FormView
      form={form}
      autocomplete={{ email: 'email' }}
      fields={{ count: (node) => <Stars node={node} /> }}
    />
    <VirtualList label="Rows" each={() => [1, 2, 3]} key={(row) => row} rowHeight={24}>
      {(row) => <span style="color: inherit">{row}</span>}
    </VirtualList>
  </main>
))
document.title = 'Thing'
Object.assign(window, { ready: true, form, sent })
