// What the screens of money between people read. All of it is read anew when money has moved.
import { useQuery } from '@tanstack/react-query'
import type { Page } from '../contract.ts'
import { peopleKey, read } from '../queries.ts'
import type {
  AskedShare,
  Mandate,
  MoneyRequest,
  Packet,
  PacketRow,
  Split,
  SplitRow,
} from './contract.ts'

/** How often a page looks whether somebody else has answered meanwhile. */
const lookMs = 5_000

function useDocument<T>(path: string, isOpen?: (value: T) => boolean) {
  return useQuery<T, Error>({
    queryKey: [peopleKey, path],
    queryFn: () => read(path),
    // Others have a hand in it, and nothing tells of theirs.
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data && isOpen?.(data) ? lookMs : false),
  })
}

export const useSplits = () => useDocument<Page<SplitRow>>('/splits?limit=30')
export const useAskedShares = () => useDocument<Page<AskedShare>>('/shares?limit=30')
export const useSplit = (id: string) =>
  useDocument<Split>(`/splits/${id}`, ({ state }) => state === 'open')
export const usePackets = () => useDocument<Page<PacketRow>>('/packets?limit=30')
export const usePacket = (id: string) =>
  useDocument<Packet>(`/packets/${id}`, ({ state }) => state === 'open')
export const useRequests = () => useDocument<Page<MoneyRequest>>('/requests?limit=30')
export const useRequest = (id: string) =>
  useDocument<MoneyRequest>(`/requests/${id}`, ({ state }) => state === 'open')
export const useMandates = () => useDocument<Page<Mandate>>('/mandates?limit=30')
export const useMandate = (id: string) => useDocument<Mandate>(`/mandates/${id}`)
