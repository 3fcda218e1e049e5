// The line on which the server says that money has moved. While it is down the documents are read by the clock.
import { createContext, useContext, useEffect, useState } from 'react'
import type { Balance } from './contract.ts'
import { keep } from './offline/kept.ts'
import { moneyMoved, queryClient } from './queries.ts'
import { type PaymentNews, type PeopleNews, paymentsTold, peopleTold } from './use-news.ts'

const whileDownMs = 20_000
const oneChangeMs = 30

const Live = createContext(true)
export const LiveProvider = Live.Provider
/** False where what is shown may have changed meanwhile. */
export const useLive = () => useContext(Live)

/** True while the line is up. */
export function useEvents(): boolean {
  const [live, setLive] = useState(true)
  useEffect(() => {
    const source = new EventSource('/consumer/events')
    let timer: ReturnType<typeof setTimeout> | undefined
    // One change is told as several events. Said at the opening, it says what is being read already.
    let isOpening = true
    const moved = () => {
      timer ??= setTimeout(() => {
        moneyMoved({ cancelRefetch: !isOpening })
        isOpening = false
        timer = undefined
      }, oneChangeMs)
    }
    source.addEventListener('open', () => setLive(true))
    source.addEventListener('error', () => setLive(false))
    source.addEventListener('balance', ({ data }: MessageEvent<string>) => {
      const balance = JSON.parse(data) as Balance
      queryClient.setQueryData(['balance'], balance)
      keep('balance', balance)
      moved()
    })
    source.addEventListener('line', moved)
    source.addEventListener('people', ({ data }: MessageEvent<string>) =>
      peopleTold(JSON.parse(data) as readonly PeopleNews[]),
    )
    source.addEventListener('payments', ({ data }: MessageEvent<string>) =>
      paymentsTold(JSON.parse(data) as readonly PaymentNews[]),
    )
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [])
  useEffect(() => {
    if (live) return
    const timer = setInterval(() => moneyMoved(), whileDownMs)
    return () => clearInterval(timer)
  }, [live])
  return live
}
