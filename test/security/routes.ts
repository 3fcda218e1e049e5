/** What a running server answers to: Fastify's own table, and the description of the same routes. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'

export interface Route {
  readonly method: string
  /** As Fastify has it: `/v1/payments/:id`. */
  readonly path: string
  readonly described: Described | undefined
}

export interface Schema {
  readonly [member: string]: unknown
}

/** An operation of the OpenAPI document. */
export interface Described {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

export type RouteTable = readonly Pick<Route, 'method' | 'path'>[]

/** Every route that any Fastify server made during `work` comes to have. */
export async function recordRoutes<Value>(
  work: () => Promise<Value>,
): Promise<{ value: Value; table: RouteTable }> {
  const table: { method: string; path: string }[] = []
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const one of [method].flat()) table.push({ method: one, path: url })
    })
  }
  subscribe('fastify.initialization', watch)
  try {
    return { value: await work(), table }
  } finally {
    unsubscribe('fastify.initialization', watch)
  }
}

/** HEAD comes with every GET, and the router answers it the same way. */
export function routesOf(app: FastifyInstance, table: RouteTable): Route[] {
  const { paths = {} } = app.swagger() as {
    paths?: Readonly<Record<string, Readonly<Record<string, Described>>>>
  }
  return table
    .filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
    .map(({ method, path }) => ({
      method,
      path,
      described: paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()],
    }))
}

/** Described operations that Fastify does not have: empty, or the document lies. */
export function describedOnly(app: FastifyInstance, table: RouteTable): string[] {
  const { paths = {} } = app.swagger() as {
    paths?: Readonly<Record<string, Readonly<Record<string, Described>>>>
  }
  const known = new Set(
    table.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
  )
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    .filter((name) => !known.has(name))
}
