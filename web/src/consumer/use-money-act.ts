// One act that moves money: one key from the first press to the end, on every retry. An answer that is lost is
// asked for again under the same key, so that there is one effect and the same answer.
import { useRef, useState } from 'react'
import { type Answer, isLost, type Problem } from '../api.ts'
import { randomUuid } from '../random-key.ts'
import { consumerApi } from './consumer-api.ts'
import { asksPasskey, signed } from './passkey-proof.ts'
import { moneyMoved } from './queries.ts'

export type MoneyAct<T> =
  | { is: 'idle' }
  | { is: 'busy' }
  | { is: 'done'; value: T }
  | { is: 'refused'; problem: Problem }
  /** No passkey was shown after all: nothing was sent. */
  | { is: 'dismissed' }
  /** Nobody here knows whether it was done. Asked again, it is not done twice. */
  | { is: 'lost'; problem: Problem }

const triesMax = 3
const waitMs = 1_200

/** What names itself, as a share that is given back once, bears no key. */
type Options = { named?: boolean; method?: 'post' | 'put' }

export function useMoneyAct<T>(path: string, { named = true, method = 'post' }: Options = {}) {
  const key = useRef(randomUuid())
  /** An answer under this key was lost: it may have been done. */
  const wasLost = useRef(false)
  const [act, setAct] = useState<MoneyAct<T>>({ is: 'idle' })
  const [tries, setTries] = useState(0)
  async function run(body: object): Promise<MoneyAct<T>> {
    const ready = asksPasskey(body) ? await signed({ method, path }, body) : null
    // What was lost before is lost still.
    if (asksPasskey(body) && ready === null) return act.is === 'lost' ? act : { is: 'dismissed' }
    if (ready && !ready.ok)
      return act.is === 'lost' ? act : { is: 'refused', problem: ready.problem }
    const { answer, isDoubtful } = await insist<T>(method, path, ready ? ready.value : body)
    wasLost.current ||= isDoubtful
    return endOf(answer)
  }
  async function send(body: object): Promise<MoneyAct<T>> {
    setAct({ is: 'busy' })
    const ended = await run(named ? { ...body, key: key.current } : body)
    // A refusal has moved nothing: what is asked next is another act. After a lost answer it says nothing of what
    // was lost, as when the PIN was locked meanwhile: then the key stays, and nothing is done twice under it.
    if (ended.is === 'done' || (ended.is === 'refused' && !wasLost.current)) {
      key.current = randomUuid()
      wasLost.current = false
    }
    setAct(ended)
    setTries((last) => last + 1)
    moneyMoved()
    return ended
  }
  return { act, tries, send, clear: () => setAct({ is: 'idle' }) }
}

async function insist<T>(method: 'post' | 'put', path: string, body: object) {
  for (let tries = 1; ; tries += 1) {
    const answer: Answer<T> = await consumerApi[method]<T>(path, body)
    const isUnheard = !answer.ok && isLost(answer.problem)
    if (!isUnheard || tries === triesMax) return { answer, isDoubtful: isUnheard || tries > 1 }
    await new Promise((wake) => setTimeout(wake, waitMs * tries))
  }
}

function endOf<T>(answer: Answer<T>): MoneyAct<T> {
  if (answer.ok) return { is: 'done', value: answer.value }
  const { problem } = answer
  return isLost(problem) ? { is: 'lost', problem } : { is: 'refused', problem }
}
