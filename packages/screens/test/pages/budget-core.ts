/** What an app of pages needs whatever it shows: core, injection, router and DOM; for budgets.e2e.test.ts. */
import { cell, Manager, PageController, page, route, Supervisor } from '@typestead/screens'
import { mountApp } from '@typestead/screens/dom'
import { Fragment, jsx } from '@typestead/screens/jsx-runtime'

Object.assign(globalThis, {
  needed: [cell, Manager, PageController, page, route, Supervisor, mountApp, jsx, Fragment],
})
