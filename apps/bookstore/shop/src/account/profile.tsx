/** @jsxImportSource @typestead/screens */
/** One's own account, changed by a form that is generated from the entity of users. */
import { cell, resource, type Scope } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { createForm, type FormValues, FormView } from '@typestead/screens/forms'
import { inWords } from '../api/failure.ts'
import { focusFirst } from '../frame/focus.ts'
import { Loaded } from '../frame/loaded.tsx'
import { AccountManager } from '../managers/account-manager.ts'
import { FormsManager } from '../managers/forms-manager.ts'
import { NoticeManager } from '../managers/notice-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'

export function Profile({ scope }: { readonly scope: Scope }): Child {
  const open = cell(false)
  return (
    <Show
      when={open}
      fallback={() => (
        <button type="button" class="button plain" onClick={() => open.set(true)}>
          Change it
        </button>
      )}
    >
      {() => (
        <ProfileForm
          scope={scope}
          done={() => {
            open.set(false)
            focusFirst('.who ~ button')
          }}
        />
      )}
    </Show>
  )
}

function ProfileForm({ scope, done }: { readonly scope: Scope; readonly done: () => void }): Child {
  const account = scope.find(AccountManager)
  const { client } = scope.find(ServerManager)
  const entity = resource((signal) => scope.find(FormsManager).entity('User', signal))
  const row = account.user.peek() ?? {}
  const save = async (data: FormValues, signal: AbortSignal) => {
    const document =
      'mutation ($id: ID!, $data: UserUpdateInput!) { updateUser(id: $id, data: $data) { id } }'
    const id = account.user.peek()?.id ?? ''
    await inWords(client.request(document, { id, data }, { signal }))
    await account.refresh()
  }
  return (
    <Loaded of={entity} what="the form">
      {(known) => {
        const form = createForm({
          entity: known.peek(),
          row,
          omit: ['id', 'role', 'createdAt', 'updatedAt'],
          labels: { email: 'E-mail', password: 'New password' },
          submit: save,
        })
        const view = (
          <FormView
            form={form}
            autocomplete={{ email: 'username', firstName: 'given-name', lastName: 'family-name' }}
            onCancel={done}
            onSubmitted={() => {
              scope.find(NoticeManager).tell({ text: 'Your account is changed.' })
              done()
            }}
          />
        )
        queueMicrotask(() => focusFirst('aside input'))
        return view
      }}
    </Loaded>
  )
}
