// What the screens of money between people read. The line of events turns it when money has moved or others have acted.
import { useQuery } from '@tanstack/react-query'
import type { Page } from '../contract.ts'
import { peopleKey, read } from '../queries.ts'
import type {
  AskedShare,
  Mandate,
  MoneyRequest,
  Packet,
  PacketRow,
  Shared,
  Split,
  SplitRow,
} from './contract.ts'

/** Of a packet the line tells its owner's balance alone: who else has opened it is looked for. */
const packetLookMs = 5_000

/** Two stand before each other and wait, should the line be down. */
const codeLookMs = 3_000

function useDocument<T>(path: string, lookMs: (value: T) => number | false = () => false) {
  return useQuery<T, Error>({
    queryKey: [peopleKey, path],
    queryFn: () => read(path),
    // Others have a hand in it: opened again, it is read again.
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data ? lookMs(data) : false),
  })
}

export const useSplits = () => useDocument<Page<SplitRow>>('/splits?limit=30')
export const useAskedShares = () => useDocument<Page<AskedShare>>('/shares?limit=30')
export const useSplit = (id: string) => useDocument<Split>(`/splits/${id}`)
export const useShared = (paymentId: string) => useDocument<Shared>(`/payments/${paymentId}/shared`)
export const usePackets = () => useDocument<Page<PacketRow>>('/packets?limit=30')
export const usePacket = (id: string) =>
  useDocument<Packet>(`/packets/${id}`, ({ state }) => state === 'open' && packetLookMs)
export const useRequests = () => useDocument<Page<MoneyRequest>>('/requests?limit=30')
export const useRequest = (id: string) =>
  useDocument<MoneyRequest>(
    `/requests/${id}`,
    ({ byCode, state }) => byCode && state === 'open' && codeLookMs,
  )
export const useMandates = () => useDocument<Page<Mandate>>('/mandates?limit=30')
export const useMandate = (id: string) => useDocument<Mandate>(`/mandates/${id}`)
