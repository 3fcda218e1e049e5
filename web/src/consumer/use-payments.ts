// The newest payments as the line tells them, and the way to the one that asks for the PIN.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { queryClient } from './queries.ts'

export type PaymentNews = { id: string; state: string; isAsked: boolean }

const queryKey = ['payments']

export function paymentsTold(news: readonly PaymentNews[]): void {
  queryClient.setQueryData(queryKey, news)
  void queryClient.invalidateQueries({ queryKey: ['payment'] })
}

/** Undefined until the line has spoken. */
export const usePaymentNews = (): readonly PaymentNews[] | undefined =>
  useQuery<readonly PaymentNews[]>({ queryKey, queryFn: () => [], enabled: false }).data

/** Whatever is on the screen: a till waits for the PIN. Each is shown once, and can be left. */
export function useAsked(): void {
  const [, go] = useLocation()
  const news = usePaymentNews()
  const shown = useRef(new Set<string>())
  const asked = news?.find(({ id, isAsked }) => isAsked && !shown.current.has(id))
  useEffect(() => {
    if (!asked) return
    shown.current.add(asked.id)
    go(`/code/payments/${asked.id}`)
  }, [asked, go])
}
