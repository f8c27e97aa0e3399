/** The sign-in form: labelled fields, a said error, everything by keyboard, no JavaScript. */
import { escapeHtml, page } from '../server/page.ts'

export interface SignInPage {
  readonly appName: string
  /** The path to go to afterwards. */
  readonly next: string
  /** What was typed before. */
  readonly login?: string
  readonly error?: string
  readonly hint?: string
  readonly status?: number
}

export function signInPage({
  appName,
  next,
  login = '',
  error,
  hint,
  status = 200,
}: SignInPage): Response {
  const problem =
    error === undefined ? '' : `<p class="error" role="alert" id="problem">${escapeHtml(error)}</p>`
  const described = error === undefined ? '' : ' aria-describedby="problem" aria-invalid="true"'
  const focusLogin = login === '' ? ' autofocus' : ''
  const focusPassword = login === '' ? '' : ' autofocus'
  const note = hint === undefined ? '' : `<p>${escapeHtml(hint)}</p>`
  return page(
    `Sign in · ${appName}`,
    `<main class="narrow">
<h1>Sign in</h1>
<p>to ${escapeHtml(appName)}</p>
${problem}
<form method="post" action="/sessions" class="card pad">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="login" style="margin-top:0">Login</label>
<input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="1024" value="${escapeHtml(login)}"${described}${focusLogin}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"${described}${focusPassword}>
<button type="submit">Sign in</button>
</form>
${note}
</main>`,
    status,
  )
}
