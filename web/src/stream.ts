// A live document: one snapshot when the line opens, then server-sent events that carry the whole document.
// It reconnects by itself for as long as the page is open and says honestly whether it is connected.
import { type Answer, call, type Problem } from './api.ts'

type Listener<T> = {
  onDocument: (document: T) => void
  onLive: (live: boolean) => void
  /** The snapshot was refused: the document does not exist or may not be read. */
  onProblem: (problem: Problem) => void
}

const firstRetryMs = 1_000
const lastRetryMs = 15_000

/** Returns the function that ends it. */
export function follow<T>(
  { snapshot, stream, event }: { snapshot: string; stream: string; event: string },
  { onDocument, onLive, onProblem }: Listener<T>,
): () => void {
  let ended = false
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let retryMs = firstRetryMs
  let received = 0

  const take = (document: T) => {
    received += 1
    onDocument(document)
  }

  /** An answer that was overtaken by an event is old news and is dropped. */
  const readSnapshot = async (): Promise<Answer<T>> => {
    const before = received
    const answer = await call<T>(snapshot, { method: 'GET' })
    if (ended) return answer
    if (answer.ok && received === before) take(answer.value)
    return answer
  }

  const again = () => {
    if (ended) return
    onLive(false)
    source?.close()
    retry = setTimeout(() => void start(), retryMs)
    retryMs = Math.min(lastRetryMs, retryMs * 2)
  }

  const open = () => {
    source = new EventSource(stream)
    source.addEventListener('open', () => {
      retryMs = firstRetryMs
      onLive(true)
      void readSnapshot()
    })
    source.addEventListener(event, (message: MessageEvent<string>) => {
      take(JSON.parse(message.data) as T)
    })
    source.addEventListener('error', () => {
      // The browser retries a dropped connection itself, but gives up for good on an HTTP error.
      if (source?.readyState === EventSource.CLOSED) again()
      else onLive(false)
    })
  }

  const start = async () => {
    const answer = await readSnapshot()
    if (ended) return
    if (answer.ok) return open()
    onProblem(answer.problem)
    const final = answer.problem.kind === 'refused' && answer.problem.status === 404
    if (!final) again()
  }

  void start()
  return () => {
    ended = true
    clearTimeout(retry)
    source?.close()
  }
}
