/** @jsxImportSource @typestead/screens */
/** What only who is signed in may see: others sign in right there, and go on. */
import { computed, type Scope } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { focusHeading } from '../frame/focus.ts'
import { Loading } from '../frame/layout.tsx'
import { AccountManager } from '../managers/account-manager.ts'
import { SignIn } from './sign-in.tsx'

export interface SignedInProps {
  readonly scope: Scope
  /** Why one has to. */
  readonly why: string
  readonly children: () => Child
}

export function SignedIn({ scope, why, children }: SignedInProps): Child {
  const { user } = scope.find(AccountManager)
  const id = computed(() => user.value?.id)
  return (
    <>
      <Show when={id}>{() => children()}</Show>
      <Show when={() => user.value === null}>
        {() => (
          <>
            <p class="soft">{why}</p>
            <SignIn scope={scope} done={focusHeading} />
          </>
        )}
      </Show>
      <Show when={() => user.value === undefined}>{() => <Loading what="your account" />}</Show>
    </>
  )
}

/** What only those who run the shop may see. */
export function AdminOnly({ scope, children }: Omit<SignedInProps, 'why'>): Child {
  const { isAdmin } = scope.find(AccountManager)
  return (
    <SignedIn scope={scope} why="This part is for those who run the shop.">
      {() => (
        <Show
          when={isAdmin}
          fallback={() => <p class="state">Only those who run the shop see this page.</p>}
        >
          {() => children()}
        </Show>
      )}
    </SignedIn>
  )
}
