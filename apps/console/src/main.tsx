/** @jsxImportSource @typestead/screens */
/** Starts the console: the shell around, the pages of all panels inside. */
import { page, route } from '@typestead/screens'
import { mount, mountApp } from '@typestead/screens/dom'
import { FailureView } from './page-frame/states.tsx'
import { panels } from './panels.ts'
import { Shell } from './shell/shell.tsx'
import { ConsoleSupervisor } from './supervisor.ts'

const place = document.querySelector('#app')
if (place === null) throw new Error('index.html has no element #app')

const start = page({
  route: route('/'),
  title: 'Console',
  redirect: () => panels[0]?.entries[0]?.href,
  view: () => null,
})
const root = (<div class="page-root" />) as HTMLElement // a tag makes an element
const supervisor = new ConsoleSupervisor()
const app = await mountApp({
  supervisor,
  pages: [start, ...panels.flatMap(({ pages }) => pages)],
  root,
  failureView: (failure) => FailureView({ ...failure, live: supervisor.live }),
})
app.scope.run(() =>
  mount(place, () => <Shell app={app} root={root} failure={supervisor.failure} />),
)
