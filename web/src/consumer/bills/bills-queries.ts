// What the screens of bills read. A bill is asked about again for as long as the biller has not said.
import { useQuery } from '@tanstack/react-query'
import type { Page } from '../contract.ts'
import { queryClient, read } from '../queries.ts'
import type { Bill, Biller, KeptAccount } from './contract.ts'

const key = 'bills'
const whileOpenMs = 2_000

export const useBillers = () =>
  useQuery<{ items: readonly Biller[] }, Error>({
    queryKey: [key, 'billers'],
    queryFn: () => read('/billers'),
  })

export const useKeptAccounts = () =>
  useQuery<{ items: readonly KeptAccount[] }, Error>({
    queryKey: [key, 'accounts'],
    queryFn: () => read('/bills/accounts'),
  })

export const usePaidBills = () =>
  useQuery<Page<Bill>, Error>({
    queryKey: [key, 'paid'],
    queryFn: () => read('/bills?limit=10'),
  })

export const useBill = (id: string) =>
  useQuery<Bill, Error>({
    queryKey: [key, 'bill', id],
    queryFn: () => read(`/bills/${id}`),
    refetchInterval: ({ state: { data } }) => (data && isOpen(data) ? whileOpenMs : false),
  })

export const isOpen = ({ state }: Pick<Bill, 'state'>): boolean =>
  state === 'writing_off' || state === 'write_off_unknown' || state === 'refunding'

/** Something was paid, kept or forgotten. */
export const billsChanged = () => void queryClient.invalidateQueries({ queryKey: [key] })
