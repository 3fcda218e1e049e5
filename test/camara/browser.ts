/** A browser without a face: follows redirects inside the server, keeps cookies by path, fills forms. */
import type { FastifyInstance } from 'fastify'

interface Cookie {
  readonly value: string
  readonly path: string
}

export interface Visit {
  readonly status: number
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export function createBrowser(app: FastifyInstance, origin: string) {
  const cookies = new Map<string, Cookie>()

  const cookieHeader = (path: string) =>
    [...cookies]
      .filter(([, cookie]) => path.startsWith(cookie.path))
      .map(([name, cookie]) => `${name.split('|')[0]}=${cookie.value}`)
      .join('; ')

  function remember(header: string | string[] | undefined, path: string) {
    for (const line of [header ?? []].flat()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const [name = '', value = ''] = [
        pair.slice(0, pair.indexOf('=')),
        pair.slice(pair.indexOf('=') + 1),
      ]
      const set = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? path
      const gone = attributes.some((one) => /^expires=Thu, 01 Jan 1970/i.test(one))
      if (gone) cookies.delete(`${name}|${set}`)
      else cookies.set(`${name}|${set}`, { value, path: set })
    }
  }

  /** Ends at the first answer that is no redirect, or that leads to another origin. */
  async function visit(target: string, form?: Record<string, string>): Promise<Visit> {
    let url = new URL(target, origin)
    let body = form && new URLSearchParams(form).toString()
    for (let hops = 0; hops < 10; hops += 1) {
      const answer = await app.inject({
        method: body === undefined ? 'GET' : 'POST',
        url: url.pathname + url.search,
        headers: {
          host: url.host,
          cookie: cookieHeader(url.pathname),
          ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(body !== undefined && { payload: body }),
      })
      remember(answer.headers['set-cookie'], url.pathname)
      const location = answer.headers.location
      if (location === undefined) {
        const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
        return {
          status: answer.statusCode,
          url: url.href,
          body: answer.body,
          headers: Object.fromEntries(headers) as Record<string, string>,
        }
      }
      url = new URL(location, url)
      body = undefined
      if (url.origin !== origin) return { status: 0, url: url.href, body: '', headers: {} }
    }
    throw new Error('too many redirects')
  }

  return {
    visit,
    /** Submits the page's form whose action ends with `/name`. */
    submit(page: Visit, name: string, fields: Record<string, string> = {}) {
      const action = new RegExp(`action="([^"]+/${name})"`).exec(page.body)?.[1]
      if (action === undefined) throw new Error(`the page has no form ${name}: ${page.body}`)
      return visit(action, fields)
    },
  }
}
