/** @jsxImportSource @typestead/screens */
/** Signing in and making an account, wherever a page needs to know who one is. */
import { cell, flush, resource, type Scope } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { createForm, type FormValues, FormView } from '@typestead/screens/forms'
import { failureText, inWords } from '../api/failure.ts'
import { Loaded } from '../frame/loaded.tsx'
import { AccountManager } from '../managers/account-manager.ts'
import { FormsManager } from '../managers/forms-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'

export interface SignInProps {
  readonly scope: Scope
  readonly done?: () => unknown
}

export function SignIn({ scope, done }: SignInProps): Child {
  const isNew = cell(false)
  return (
    <div class="card sign-in">
      <fieldset class="tabs" aria-label="What to do">
        <button
          type="button"
          aria-pressed={() => String(!isNew.value)}
          onClick={() => isNew.set(false)}
        >
          Sign in
        </button>
        <button
          type="button"
          aria-pressed={() => String(isNew.value)}
          onClick={() => isNew.set(true)}
        >
          New here
        </button>
      </fieldset>
      <Show when={isNew} fallback={() => <KnownReader scope={scope} done={done} />}>
        {() => <NewReader scope={scope} done={done} />}
      </Show>
    </div>
  )
}

function KnownReader({
  scope,
  done,
}: {
  readonly scope: Scope
  readonly done: SignInProps['done']
}): Child {
  const account = scope.find(AccountManager)
  const failure = cell('')
  const busy = cell(false)
  const submit = async (form: HTMLFormElement) => {
    if (busy.peek()) return
    const given = new FormData(form)
    failure.set('')
    busy.set(true)
    try {
      await account.signIn(String(given.get('login')), String(given.get('password')))
      await done?.()
    } catch (error) {
      failure.set(failureText(error))
      flush()
      form.querySelector<HTMLElement>('[name="password"]')?.focus()
    } finally {
      busy.set(false)
    }
  }
  return (
    <form
      class="entity-form"
      aria-label="Sign in"
      action="/sessions"
      method="post"
      onSubmit={(event) => {
        event.preventDefault()
        return submit(event.currentTarget)
      }}
    >
      <p class="form-failure" role="alert" id="sign-in-failure">
        {failure}
      </p>
      <div class="form-field">
        <label for="sign-in-login">E-mail</label>
        <input
          id="sign-in-login"
          name="login"
          type="email"
          autocomplete="username"
          required
          maxlength={254}
          aria-describedby="sign-in-failure"
        />
      </div>
      <div class="form-field">
        <label for="sign-in-password">Password</label>
        <input
          id="sign-in-password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          maxlength={200}
          aria-describedby="sign-in-failure"
        />
      </div>
      <div class="form-actions">
        <button type="submit">{() => (busy.value ? 'Signing in…' : 'Sign in')}</button>
      </div>
    </form>
  )
}

/** Generated from the entity of users. */
function NewReader({
  scope,
  done,
}: {
  readonly scope: Scope
  readonly done: SignInProps['done']
}): Child {
  const { client } = scope.find(ServerManager)
  const account = scope.find(AccountManager)
  const entity = resource((signal) => scope.find(FormsManager).entity('User', signal))
  const create = async (values: FormValues, signal: AbortSignal) => {
    const document = 'mutation ($data: UserCreateInput!) { createUser(data: $data) { id } }'
    // The form has the fields of this very input.
    const data = values as unknown as NewUser
    await inWords(client.request(document, { data }, { signal }))
    await account.signIn(String(values.email), String(values.password))
  }
  return (
    <Loaded of={entity} what="the form">
      {(known) => {
        const form = createForm({
          entity: known.peek(),
          omit: ['role'],
          labels: { email: 'E-mail' },
          submit: create,
        })
        return (
          <FormView
            form={form}
            submitLabel="Make an account"
            autocomplete={{ email: 'username', firstName: 'given-name', lastName: 'family-name' }}
            onSubmitted={() => done?.()}
          />
        )
      }}
    </Loaded>
  )
}

interface NewUser {
  readonly email: string
  readonly firstName: string
  readonly lastName?: string | null
  readonly password: string
}
