// Lets the app open without a network, once it has been opened with one. After the first screen: nobody waits for it.

export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    // Where the browser refuses, the app needs a network: nothing else changes.
    void navigator.serviceWorker.register('/app-worker.js', { scope: '/app' }).catch(() => {})
  })
}
