/**
 * In which order sources of money are offered to the owner of a wallet. One payment never mixes two: the first
 * that can pay all of it is what is offered first.
 */
import type { Source } from '../payments/index.ts'

export const usualSources: readonly Source[] = ['wallet', 'card', 'phone_bill']

/** Every source once. */
export const isOrder = (sources: readonly string[]): sources is readonly Source[] =>
  sources.length === usualSources.length && usualSources.every((source) => sources.includes(source))
