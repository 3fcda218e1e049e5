// Lets the app open without a network, once it has been opened with one. After the first screen: nobody waits for it.

/** The worker reads all files of the app: the first screen must not share the line and the processor with that. */
const afterMs = 2_000

export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  addEventListener('load', () => setTimeout(register, afterMs))
}

function register(): void {
  // Where the browser refuses, the app needs a network: nothing else changes.
  void navigator.serviceWorker.register('/app-worker.js', { scope: '/app' }).catch(() => {})
}
