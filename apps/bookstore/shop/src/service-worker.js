/**
 * Keeps the shop's pages usable without a network: the page and all its files are kept when it is installed. The API is never
 * answered from here, so that nothing old is taken for what is there. A new version takes over at the next visit.
 */
const version = '{version}'
const files = ['{files}']
const extras = ['/', '/manifest.webmanifest', '/icon.svg', '/icon-192.png']
const cacheName = `bookstore-${version}`

self.addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (isPage(pathname)) event.respondWith(page(request))
  } else if (files.includes(pathname)) event.respondWith(kept(request))
  else if (extras.includes(pathname)) event.respondWith(kept(request))
})

/** Addresses that the server answers itself are left to it. */
function isPage(pathname) {
  return !/^\/(api|sign-in|sign-out|sessions|healthz|readyz|metrics|nlu|lex|chat|slack|sms|messenger)(\/|$)/.test(
    pathname,
  )
}

async function keep() {
  const cache = await caches.open(cacheName)
  await cache.addAll([...extras, ...files].map((path) => new Request(path, { cache: 'reload' })))
}

async function dropOthers() {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith('bookstore-') && name !== cacheName)
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** The page of the server while it answers; the one that was kept otherwise. */
async function page(request) {
  try {
    const response = await fetch(request)
    if (response.status < 500) return response
  } catch {
    // Without a network, or without the server.
  }
  return (await match('/')) ?? Response.error()
}

/** Files have names of their own for each version, so the kept one is the right one. */
async function kept(request) {
  return (await match(request)) ?? fetch(request)
}

async function match(request) {
  const cache = await caches.open(cacheName)
  // Servers vary their answers by Origin, which does not matter for files of our own.
  return cache.match(request, { ignoreVary: true, ignoreSearch: true })
}
