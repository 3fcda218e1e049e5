/**
 * One HTTP request and what became of it. The question that matters is whether a byte may have left
 * us: undici announces a request (`onRequestStart`) just before it writes it, so a failure before
 * that moment proves that nothing was sent, and a failure after it proves nothing at all.
 *
 * A kept connection which the other side closes while we write to it is a failure of the second kind.
 * The request is not sent again here: its verb is idempotent and the caller knows better when.
 */
import type { Dispatcher } from 'undici'

export interface Outgoing {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface RawAnswer {
  readonly status: number
  readonly contentType: string
  readonly requestId: string
  /** Of those who sign; else empty. */
  readonly signature?: string
  readonly body: Uint8Array
}

export type Exchange =
  | { readonly kind: 'answered'; readonly answer: RawAnswer }
  /** The detail is a word for logs and holds nothing of the request. */
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'unsent'; readonly detail: string }

/** The longest answer we read without more being asked for: those to single requests are below 1 kB. */
const usualMax = 65_536

/** Never throws and always ends: at most `timeoutMs` after the call. */
export function exchange(
  dispatcher: Dispatcher,
  origin: string,
  outgoing: Outgoing,
  timeoutMs: number,
  answerMax = usualMax,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined
    let over = false
    let head: Omit<RawAnswer, 'body'> | undefined
    const chunks: Uint8Array[] = []
    let size = 0
    const settle = (result: Exchange) => {
      if (over) return
      over = true
      clearTimeout(timer)
      resolve(result)
    }
    const giveUp = (detail: string) => {
      settle({ kind: controller ? 'lost' : 'unsent', detail })
      controller?.abort(new Error(detail))
    }
    const timer = setTimeout(() => giveUp('no_answer_in_time'), timeoutMs)
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // Given up while it waited for a connection: stop it before a byte is written.
        if (over) started.abort(new Error('given up'))
        else controller = started
      },
      onResponseStart(_controller, status, headers) {
        head = {
          status,
          contentType: textOf(headers['content-type']),
          requestId: textOf(headers['request-id']),
          signature: textOf(headers.signature),
        }
      },
      onResponseData(_controller, chunk) {
        size += chunk.length
        if (size > answerMax) giveUp('answer_too_long')
        else chunks.push(chunk)
      },
      onResponseEnd() {
        if (head) settle({ kind: 'answered', answer: { ...head, body: Buffer.concat(chunks) } })
        else giveUp('answer_without_head')
      },
      onResponseError(_controller, error) {
        giveUp(nameOf(error))
      },
    }
    try {
      dispatcher.dispatch({ origin, ...outgoing }, handler)
    } catch (error) {
      giveUp(nameOf(error))
    }
  })
}

const textOf = (value: string | string[] | undefined): string =>
  typeof value === 'string' ? value : ''

/** The code of a network error: its message may hold addresses and is not for the log. */
function nameOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code.toLowerCase() : 'connection_failed'
}
