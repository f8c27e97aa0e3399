/**
 * The page of GraphiQL: the editor over the endpoint that the server named, or else the one above the page's own path.
 * Bundled by build.ts; nothing here is loaded from another host.
 */
import { GraphiQL } from 'graphiql'
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'

const root = document.getElementById('graphiql')
const above = location.pathname.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/'
const endpoint = new URL(root.dataset.endpoint || above, location.href)

async function fetcher(request, options) {
  const response = await fetch(endpoint, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...options?.headers,
    },
    body: JSON.stringify(request),
  })
  return response.json()
}

createRoot(root).render(
  createElement(GraphiQL, {
    fetcher,
    defaultQuery: root.dataset.query,
    shouldPersistHeaders: false,
  }),
)
