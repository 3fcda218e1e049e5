// What the screens read: one place for each document, its name, and when it is read again.
import {
  type InfiniteData,
  QueryClient,
  type QueryKey,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import type { Problem } from '../api.ts'
import { consumerApi } from './consumer-api.ts'
import type {
  Balance,
  Card,
  CardBill,
  Line,
  LineKind,
  Me,
  Movement,
  Page,
  Passkey,
  Session,
  Transfer,
} from './contract.ts'
import { isHeard, keep, kept } from './offline/kept.ts'

/** What a query throws, so that a screen can show it. */
export class Refused extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.kind)
    this.problem = problem
  }
}

const isFinal = (error: Error) => error instanceof Refused && error.problem.kind === 'refused'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => !isFinal(error) && count < 2,
      staleTime: 15_000,
      // The browser may think that it is offline while our server is next door.
      networkMode: 'always',
    },
  },
})

const drawAfterMs = 100

export async function read<T>(path: string): Promise<T> {
  const answer = await consumerApi.get<T>(path)
  if (!answer.ok) throw new Refused(answer.problem)
  return answer.value
}

async function readAndKeep<T>(name: string, path: string): Promise<T> {
  const value = await read<T>(path)
  keep(name, value)
  return value
}

/** Read, and kept on this device for when there is no network. */
function useKept<T>(name: string, path: string) {
  const last = kept<T>(name)
  const query = useQuery<T, Error>({
    queryKey: [name],
    queryFn: () => readAndKeep<T>(name, path),
    ...(last && { initialData: last.value, initialDataUpdatedAt: last.at }),
    // However young: what this page has not heard from the server is old.
    refetchOnMount: isHeard(name) || 'always',
  })
  const isOld = query.isError || !isHeard(name)
  return { ...query, isOld, readAt: query.dataUpdatedAt }
}

/**
 * The balance before anything is drawn, for it comes beside the scripts: so the first screen is drawn once, with it.
 * Waits no longer than an eye would notice, and not at all where there is a kept one to show.
 */
export async function balanceSoon(): Promise<void> {
  if (location.pathname !== '/app' || kept('balance')) return
  const queryFn = () => readAndKeep<Balance>('balance', '/balance')
  await Promise.race([
    queryClient.prefetchQuery({ queryKey: ['balance'], queryFn, retry: false }),
    new Promise((wake) => setTimeout(wake, drawAfterMs)),
  ])
}

export const useMe = () => useKept<Me>('me', '/me')
export const useBalance = () => useKept<Balance>('balance', '/balance')
export const useCards = () => useKept<{ items: readonly Card[] }>('cards', '/cards')
export const useRecent = () => useKept<Page<Line>>('recent', '/lines?limit=5')
export const useSessions = () =>
  useQuery<{ items: readonly Session[] }, Error>({
    queryKey: ['sessions'],
    queryFn: () => read('/sessions'),
  })

export const usePasskeys = () =>
  useQuery<{ items: readonly Passkey[] }, Error>({
    queryKey: ['passkeys'],
    queryFn: () => read('/passkeys'),
  })

export type LineFilter = { kind: LineGroup; text: string; month: string }

/** The groups a customer thinks in, with the kinds that are in each. */
export const lineGroups = {
  all: [],
  payments: ['payment', 'refund', 'bill'],
  transfers: ['transfer', 'face_to_face', 'card_transfer', 'packet'],
  cash: ['top_up', 'top_up_voucher', 'withdrawal', 'repayment', 'fee', 'cash_in', 'cash_out'],
} as const satisfies Record<string, readonly LineKind[]>

export type LineGroup = keyof typeof lineGroups

export function lineQuery({ kind, text, month }: LineFilter): URLSearchParams {
  const query = monthQuery(month)
  for (const one of lineGroups[kind]) query.append('kind', one)
  if (text !== '') query.set('text', text)
  return query
}

/** All days of a month, as `2026-11`. */
export function monthQuery(month: string): URLSearchParams {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const last = String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')
  return new URLSearchParams({ from: `${month}-01`, to: `${month}-${last}` })
}

/** The newest of a whole month is kept on this device, as it is what one comes to look at. */
export function useLines(filter: LineFilter) {
  const name = `lines ${filter.month}`
  const isWhole = filter.kind === 'all' && filter.text === ''
  const last = isWhole ? kept<Page<Line>>(name) : null
  const query = useInfiniteQuery<
    Page<Line>,
    Error,
    InfiniteData<Page<Line>, string | null>,
    QueryKey,
    string | null
  >({
    queryKey: ['lines', filter],
    initialPageParam: null,
    queryFn: async ({ pageParam }) => {
      const query = lineQuery(filter)
      query.set('limit', '30')
      if (pageParam !== null) query.set('before', pageParam)
      const page = await read<Page<Line>>(`/lines?${query}`)
      if (isWhole && pageParam === null) keep(name, page)
      return page
    },
    getNextPageParam: ({ next }) => next,
    ...(last && {
      initialData: { pages: [last.value], pageParams: [null] },
      initialDataUpdatedAt: last.at,
    }),
  })
  const isOld = query.data !== undefined && (query.isError || (isWhole && !isHeard(name)))
  return { ...query, isOld, readAt: query.dataUpdatedAt }
}

export const useReceipt = (id: string) =>
  useQuery<Line, Error>({ queryKey: ['receipt', id], queryFn: () => read(`/receipts/${id}`) })

/** The line of events turns it when the bank has said, and the clock where there is no line. */
export const useMovement = (id: string) =>
  useQuery<Movement, Error>({ queryKey: ['movement', id], queryFn: () => read(`/movements/${id}`) })

export const useTransfer = (id: string) =>
  useQuery<Transfer, Error>({ queryKey: ['transfer', id], queryFn: () => read(`/transfers/${id}`) })

export const useWithdrawalFee = (amount: string | null, speed: string) =>
  useQuery<{ fee: string; total: string }, Error>({
    queryKey: ['fee', amount, speed],
    queryFn: () => read(`/withdrawals/fee?amount=${amount}&speed=${speed}`),
    enabled: amount !== null,
  })

export const useCardTransferFee = (amount: string | null) =>
  useQuery<{ fee: string; total: string }, Error>({
    queryKey: ['card-transfer-fee', amount],
    queryFn: () => read(`/card-transfers/fee?amount=${amount}`),
    enabled: amount !== null,
  })

export const useCardBill = (cardId: string) =>
  useQuery<CardBill, Error>({
    queryKey: ['bill', cardId],
    queryFn: () => read(`/cards/${cardId}/bill`),
  })

export const useRepaymentFee = (amount: string | null) =>
  useQuery<{ fee: string; total: string }, Error>({
    queryKey: ['repayment-fee', amount],
    queryFn: () => read(`/repayments/fee?amount=${amount}`),
    enabled: amount !== null,
  })

/** The first word of all keys of money between people. */
export const peopleKey = 'people'

/** Somebody has asked, paid or declined. What is being read already may be older, and is read again. */
export const othersActed = (): void => void queryClient.invalidateQueries({ queryKey: [peopleKey] })

/** Money has moved, or may have: all that shows it is read again. */
export function moneyMoved({ cancelRefetch = true } = {}): void {
  for (const name of [
    'balance',
    'recent',
    'lines',
    'movement',
    'transfer',
    'me',
    'bill',
    peopleKey,
  ])
    void queryClient.invalidateQueries({ queryKey: [name] }, { cancelRefetch })
}
