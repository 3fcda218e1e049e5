// The app's own files, kept on the device so that it opens without a network. Nothing else: what the API says is never
// kept here, a POST is never touched, and a page is taken from here only where the server does not answer.

interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface RequestEvent extends WaitingEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Worker {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(name: 'install' | 'activate', act: (event: WaitingEvent) => void): void
  addEventListener(name: 'fetch', act: (event: RequestEvent) => void): void
}
declare const self: Worker
/** Filled in when it is built: every file of the app, by names that bear a hash of what is in them. */
declare const appFiles: { readonly version: string; readonly paths: readonly string[] }

const prefix = 'telepurse-app-'
const page = '/app'
const cacheName = prefix + appFiles.version

self.addEventListener('install', (event) => {
  event.waitUntil(install())
})
self.addEventListener('activate', (event) => {
  event.waitUntil(activate())
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (appFiles.paths.includes(pathname)) event.respondWith(fileOf(request))
  else if (request.mode === 'navigate') event.respondWith(pageOf(request))
})

async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  await cache.addAll([page, ...appFiles.paths])
  await self.skipWaiting()
}

async function activate(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** Its name says what is in it, so a kept one is never old. */
async function fileOf(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

async function pageOf(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await caches.match(page)
    if (kept) return kept
    throw error
  }
}

// A module to the compiler, so that its names are its own.
export {}
