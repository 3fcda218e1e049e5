/** What a request is for, by its method and address: as its route says, else by its method. */
import type { RouteOptions } from 'fastify'
import type { RequestClass } from './admission.ts'

/** `always` is for whoever watches the server: it must answer most of all when it is busy. */
export type RouteClass = RequestClass | 'always'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly admission?: RouteClass
  }
}

interface Pattern {
  readonly method: string
  readonly path: RegExp
  readonly routeClass: RouteClass
}

const isReading = (method: string) => method === 'GET' || method === 'HEAD'

type Route = Pick<RouteOptions, 'method' | 'url' | 'config'>

export function createRouteClasses() {
  const exact = new Map<string, Map<string, RouteClass>>()
  const patterns: Pattern[] = []
  let unread: Route[] = []

  /** At the first request: while routes are added, those who add them may still change them. */
  function readRoutes(): void {
    for (const { method, url, config } of unread) {
      const routeClass = config?.admission
      if (routeClass === undefined) continue
      for (const one of [method].flat()) {
        if (url.includes(':') || url.includes('*'))
          patterns.push({ method: one, path: patternOf(url), routeClass })
        else exact.set(url, (exact.get(url) ?? new Map()).set(one, routeClass))
      }
    }
    unread = []
  }

  return {
    learn(route: Route): void {
      unread.push(route)
    },
    of(method: string, url: string): RouteClass {
      if (unread.length > 0) readRoutes()
      const query = url.indexOf('?')
      const path = query < 0 ? url : url.slice(0, query)
      const known = exact.get(path)?.get(method)
      if (known !== undefined) return known
      const found = patterns.find((one) => one.method === method && one.path.test(path))
      if (found) return found.routeClass
      return isReading(method) ? 'read' : 'urgent'
    },
  }
}

/** `/v1/statements/:date` and `/operator/*`, as regular expressions. */
const patternOf = (url: string) =>
  new RegExp(
    `^${url
      .replace(/[.+?^$()|[\]\\{}]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replaceAll('*', '.*')}/?$`,
  )
