// The customer at the desk, looked up once and again whenever something was done.
import { useCallback, useRef, useState } from 'react'
import type { Problem } from '../api.ts'
import type { CounterApi } from './counter-api.ts'
import type { AtDesk } from './counter-context.ts'
import { type Document, noDocument } from './identity-document.ts'
import type { CustomerView } from './views.ts'

type State = {
  msisdn: string
  view: CustomerView | null
  busy: boolean
  problem: Problem | null
  document: Document
}

const nobody: State = { msisdn: '', view: null, busy: false, problem: null, document: noDocument }

export function useAtDesk(api: CounterApi): AtDesk {
  const [state, setState] = useState(nobody)
  /** An answer that comes after the next customer is not shown. */
  const latest = useRef('')

  const look = useCallback(
    async (msisdn: string) => {
      const answer = await api.post<CustomerView>('/customers/find', { msisdn })
      if (latest.current !== msisdn) return
      setState((last) =>
        answer.ok
          ? { ...last, msisdn, view: answer.value, busy: false, problem: null }
          : { ...last, busy: false, problem: answer.problem },
      )
    },
    [api],
  )

  const find = useCallback(
    async (msisdn: string) => {
      latest.current = msisdn
      setState({ ...nobody, busy: true })
      await look(msisdn)
    },
    [look],
  )
  const refresh = useCallback(async () => {
    if (latest.current !== '') await look(latest.current)
  }, [look])
  const setDocument = useCallback(
    (document: Document) => setState((last) => ({ ...last, document })),
    [],
  )
  const leave = useCallback(() => {
    latest.current = ''
    setState(nobody)
  }, [])

  return { ...state, find, refresh, setDocument, leave }
}
