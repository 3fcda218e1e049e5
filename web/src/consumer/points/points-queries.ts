// What the screens of points read.
import { type InfiniteData, type QueryKey, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Page } from '../contract.ts'
import { queryClient, read } from '../queries.ts'
import type { Points, PointsLine, Redemption, Reward } from './contract.ts'

const key = 'points'

export const usePoints = () =>
  useQuery<Points, Error>({ queryKey: [key, 'balance'], queryFn: () => read('/points') })

export const useRewards = () =>
  useQuery<{ items: readonly Reward[] }, Error>({
    queryKey: [key, 'rewards'],
    queryFn: () => read('/points/rewards'),
  })

const usePages = <T>(name: string) =>
  useInfiniteQuery<Page<T>, Error, InfiniteData<Page<T>, string | null>, QueryKey, string | null>({
    queryKey: [key, name],
    initialPageParam: null,
    queryFn: ({ pageParam: before }) =>
      read(`/points/${name}?limit=20${before === null ? '' : `&before=${before}`}`),
    getNextPageParam: ({ next }) => next,
  })

export const usePointsLines = () => usePages<PointsLine>('lines')
export const useRedemptions = () => usePages<Redemption>('redemptions')

/** A reward was taken, given back or its code looked at, or may have been. */
export const pointsChanged = () => void queryClient.invalidateQueries({ queryKey: [key] })
