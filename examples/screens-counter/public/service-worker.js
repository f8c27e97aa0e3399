/**
 * Keeps the app usable without a network. Pages and files come from the network while there is one, and are kept; without
 * one, they come from what was kept. A new version of the app replaces the old one at the next visit.
 */
const cacheName = 'screens-counter-1'

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return
  event.respondWith(answer(request))
})

/** The page and all it names, so that it works offline after the first visit. */
async function keepShell() {
  const cache = await caches.open(cacheName)
  const page = await fetch('/', { cache: 'reload' })
  const html = await page.clone().text()
  await cache.put('/', page)
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path)
  await cache.addAll(named)
  await self.skipWaiting()
}

async function dropOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)))
}

async function answer(request) {
  const cache = await caches.open(cacheName)
  const key = request.mode === 'navigate' ? '/' : request
  try {
    const response = await fetch(request)
    const isShell = request.mode !== 'navigate' || new URL(request.url).pathname === '/'
    if (response.ok && isShell) await cache.put(key, response.clone())
    return response
  } catch (error) {
    // Servers vary their answers by Origin, which does not matter for files of our own.
    const kept = await cache.match(key, { ignoreVary: true })
    if (kept !== undefined) return kept
    throw error
  }
}
