// Calls to our own server. A call never throws: it answers with a value or with a problem to show calmly.
import type { Name } from './names.ts'

export type Problem =
  | { kind: 'offline' }
  | {
      kind: 'refused'
      status: number
      type: string
      title: string
      detail: string
      /** For staff: the code they quote, and the words they say. */
      code?: string
      words?: Name
    }
  | { kind: 'unclear'; status: number }

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem }

type Call = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: object
  headers?: Record<string, string>
  language?: string
  /** How long an answer may take; the usual without it. */
  patienceMs?: number
}

const answerMs = 15_000

/** RFC 9457: what a refused call says about itself. Anything that is not such a document stays unclear. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body !== 'object' || body === null) return { kind: 'unclear', status }
  const { title, detail, type, code, words } = body as Record<string, unknown>
  if (typeof title !== 'string' || title === '') return { kind: 'unclear', status }
  return {
    kind: 'refused',
    status,
    title,
    type: typeof type === 'string' ? type : 'about:blank',
    detail: typeof detail === 'string' ? detail : '',
    ...(typeof code === 'string' ? { code } : {}),
    ...(isName(words) ? { words } : {}),
  }
}

function isName(words: unknown): words is Name {
  if (typeof words !== 'object' || words === null) return false
  const { zh, en } = words as Record<string, unknown>
  return typeof zh === 'string' && typeof en === 'string'
}

export async function call<T>(
  path: string,
  { method, body, headers, language, patienceMs = answerMs }: Call,
): Promise<Answer<T>> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(language ? { 'accept-language': language } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  } catch {
    return { ok: false, problem: { kind: 'offline' } }
  }
  const text = await response.text().catch(() => undefined)
  // The line broke in the middle of the answer: a body that is missing is no value.
  if (text === undefined) return { ok: false, problem: { kind: 'offline' } }
  const json = text === '' ? null : parsed(text)
  if (!response.ok) return { ok: false, problem: problemOf(response.status, json) }
  return json === undefined
    ? { ok: false, problem: { kind: 'unclear', status: response.status } }
    : { ok: true, value: json as T }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether the request may have been done although its answer says no such thing. */
export function isLost(problem: Problem): boolean {
  return problem.kind === 'offline' || problem.status >= 500
}
