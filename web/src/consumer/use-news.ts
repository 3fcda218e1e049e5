// What the line says of payments and of people who have read one's code, and the way to what asks for the PIN.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { othersActed, queryClient } from './queries.ts'

export type PaymentNews = { id: string; state: string; isAsked: boolean }
/** `code`: somebody has read one's payment code and asks for money. */
export type PeopleNews = { kind: 'request' | 'code' | 'share' | 'split'; id: string; state: string }

const [paymentsKey, codesKey] = [['payments'], ['codes-read']]

export function paymentsTold(news: readonly PaymentNews[]): void {
  queryClient.setQueryData(paymentsKey, news)
  void queryClient.invalidateQueries({ queryKey: ['payment'] })
}

export function peopleTold(news: readonly PeopleNews[]): void {
  queryClient.setQueryData(
    codesKey,
    news.filter(({ kind }) => kind === 'code'),
  )
  othersActed()
}

/** Undefined until the line has spoken. */
function useTold<T>(queryKey: readonly string[]): readonly T[] | undefined {
  return useQuery<readonly T[]>({ queryKey, queryFn: () => [], enabled: false }).data
}

const toPayment = (id: string) => `/code/payments/${id}`
const toCode = (id: string) => `/people/requests/${id}`

/** Whatever is on the screen: somebody waits for the PIN. Each is shown once, and can be left. */
export function useAsked(): void {
  const [, go] = useLocation()
  const payments = useTold<PaymentNews>(paymentsKey)
  const codes = useTold<PeopleNews>(codesKey)
  const shown = useRef(new Set<string>())
  const asked = [
    ...(payments ?? []).map(({ id, isAsked }) => ({ isAsked, to: toPayment(id) })),
    ...(codes ?? []).map(({ id, state }) => ({ isAsked: state === 'open', to: toCode(id) })),
  ].find(({ isAsked, to }) => isAsked && !shown.current.has(to))?.to
  useEffect(() => {
    if (asked === undefined) return
    shown.current.add(asked)
    go(asked)
  }, [asked, go])
}

/** A code that was taken is shown no more: the customer sees what came of it. */
export function useTaken(): void {
  const [, go] = useLocation()
  const payment = useNewest(useTold<PaymentNews>(paymentsKey))
  const code = useNewest(useTold<PeopleNews>(codesKey))
  useEffect(() => {
    if (payment !== undefined) go(toPayment(payment))
    else if (code !== undefined) go(toCode(code))
  }, [payment, code, go])
}

/** The newest that came after the line has spoken for the first time: what was before is on it too. */
function useNewest(news: readonly { id: string }[] | undefined): string | undefined {
  const since = useRef<string>(undefined)
  if (news === undefined) return undefined
  const newest = news.reduce((last, { id }) => (id > last ? id : last), '')
  since.current ??= newest
  return newest > since.current ? newest : undefined
}
