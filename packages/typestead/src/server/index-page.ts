/** The app's `/` until the app answers it: what is there. */
import type { SignedIn } from '../config/define-config.ts'
import type { Services } from './app-server.ts'
import { escapeHtml, page } from './page.ts'

export interface IndexPage {
  readonly name: string
  readonly services: Services
  readonly current: SignedIn
}

export function indexPage({ name, services, current }: IndexPage): Response {
  const { api, graphiql, signIn } = services
  const rows = [
    ...(api ? [['<code>/api</code>', 'GraphQL, by GET and POST']] : []),
    ...(api?.graphiql && graphiql ? [[link('/api/graphiql'), 'a page to try the API']] : []),
    ...(signIn && current.userId === undefined ? [[link('/sign-in'), 'sign in']] : []),
    [link('/healthz'), 'whether the process lives'],
    [link('/readyz'), 'whether everything serves'],
    [link('/metrics'), 'measures, for Prometheus'],
  ]
  const signedIn =
    signIn && current.userId !== undefined
      ? `<form method="post" action="/sign-out"><p>You are signed in as ${escapeHtml(current.role)}.</p><button type="submit">Sign out</button></form>`
      : ''
  return page(
    name,
    `<main>
<h1>${escapeHtml(name)}</h1>
<p>The application is running. This is what it serves:</p>
<h2 id="there">What is there</h2>
<div class="card"><table aria-labelledby="there">
${rows.map(([path, what]) => `<tr><th scope="row">${path}</th><td>${what}</td></tr>`).join('\n')}
</table></div>
${signedIn}
</main>`,
  )
}

function link(path: string): string {
  return `<a href="${path}">${path}</a>`
}
