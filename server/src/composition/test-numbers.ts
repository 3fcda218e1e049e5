/** Numbers that exist for test clients only, of whichever sandbox. */
import { isSandboxNumber } from '../channels/camara/index.ts'
import { isMobileMoneyTestNumber } from '../channels/mobile-money/index.ts'
import type { Msisdn } from '../kernel/index.ts'

export const isTestNumber = (msisdn: Msisdn): boolean =>
  isSandboxNumber(msisdn) || isMobileMoneyTestNumber(msisdn)
