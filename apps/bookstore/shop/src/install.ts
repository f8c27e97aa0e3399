/** Makes the shop's pages open without a network; in development files change too often to be kept. */
export function installOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register('/service-worker.js').catch((error: unknown) => {
    reportError(error)
  })
}
