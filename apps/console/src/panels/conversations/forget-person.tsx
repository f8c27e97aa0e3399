/** @jsxImportSource @typestead/screens */
/** Forgets whose conversation it is, once that was confirmed: it can't be undone. */
import { cell } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import { messageOf } from '../../server/server-error.ts'
import type { Conversation } from './conversation-rows.ts'
import type { ConversationsManager } from './conversations-manager.ts'
import '../../page-frame/confirm.css'

export function ForgetPerson(props: {
  readonly c: ConversationsManager
  readonly conversation: () => Conversation
  readonly onForgotten: () => void
}): Child {
  const { c, conversation, onForgotten } = props
  const problem = cell('')
  const forget = async () => {
    problem.set('')
    try {
      await c.forget(conversation().id)
    } catch (error) {
      problem.set(messageOf(error))
      return
    }
    dialog.close()
    onForgotten()
  }
  const dialog = (
    <dialog class="confirm" aria-label="Forget this person">
      <h2>Forget this person?</h2>
      <p>
        All that {() => conversation().bot} keeps of “{() => conversation().user}” is removed: every
        conversation, what it remembers of them, and what waits for them. It can’t be undone.
      </p>
      <p role="alert" class="form-error">
        {problem}
      </p>
      <div class="row-actions">
        <button type="button" class="quiet danger" onClick={forget}>
          Forget
        </button>{' '}
        <button type="button" class="quiet" onClick={() => dialog.close()}>
          Keep
        </button>
      </div>
    </dialog>
  ) as HTMLDialogElement // a tag makes an element
  return (
    <>
      <button type="button" class="quiet danger" onClick={() => dialog.showModal()}>
        Forget this person…
      </button>
      {dialog}
    </>
  )
}
