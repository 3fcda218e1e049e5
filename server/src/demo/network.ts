/** The network controls of the demo page, as faults of the two simulators. */
import type { Boss, CarrierFault, Smsc } from '@telepurse/simulators'

export const carrierBehaviours = [
  'normal',
  'slow',
  'silent',
  'twice',
  'commits_and_drops',
  'away',
] as const
export type CarrierBehaviour = (typeof carrierBehaviours)[number]

export interface Network {
  readonly delayMs: number
  readonly lossPercent: number
  readonly duplicatePercent: number
  readonly carrier: CarrierBehaviour
}

const faults: Record<CarrierBehaviour, CarrierFault | null> = {
  normal: null,
  slow: { kind: 'answers_late', lateMs: 3_000 },
  silent: { kind: 'lost_answer' },
  twice: { kind: 'answers_twice' },
  commits_and_drops: { kind: 'commits_and_drops_link' },
  away: { kind: 'away' },
}

export function createNetwork(smsc: Smsc, boss: Boss) {
  let carrier: CarrierBehaviour = 'normal'
  return {
    current(): Network {
      const { delayMs, lossPercent, duplicatePercent } = smsc.faults()
      return { delayMs, lossPercent, duplicatePercent, carrier }
    },
    async change({ carrier: next, ...sms }: Partial<Network>): Promise<void> {
      smsc.setFaults(sms)
      if (next === undefined || next === carrier) return
      await boss.clearFaults()
      const fault = faults[next]
      if (fault) await boss.addFault(fault)
      carrier = next
    },
  }
}
