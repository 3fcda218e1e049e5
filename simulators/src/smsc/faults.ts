/** What goes wrong on this network, and how often: set at run time, decided by a seeded random. */

export interface NetworkFaults {
  /** Added to every message, both ways. */
  readonly delayMs: number
  /** Added to every answer to a submit_sm. */
  readonly answerDelayMs: number
  /** Towards the ESME: the attempt is lost and made again. Towards a handset: accepted, never arrives. */
  readonly lossPercent: number
  /** The message comes twice: to the ESME with the same id, after it was acknowledged. */
  readonly duplicatePercent: number
  /** Each message takes a random while longer, so that they overtake each other. */
  readonly reorder: boolean
  /** The command_status a rejected submit_sm is answered with. */
  readonly rejectStatus: number
  readonly rejectPercent: number
  /** Answered with ESME_RTHROTTLED. */
  readonly throttlePercent: number
  /** Accepted and delivered, but never answered. */
  readonly silentPercent: number
  /** While true every link is cut and none can be made. */
  readonly dropLink: boolean
  /** Setting it true sends one malformed PDU over every bound link; it then reads false again. */
  readonly malformedPdu: boolean
}

export const noFaults: NetworkFaults = {
  delayMs: 0,
  answerDelayMs: 0,
  lossPercent: 0,
  duplicatePercent: 0,
  reorder: false,
  /** ESME_RSUBMITFAIL. */
  rejectStatus: 0x45,
  rejectPercent: 0,
  throttlePercent: 0,
  silentPercent: 0,
  dropLink: false,
  malformedPdu: false,
}

/** The largest value of each number; the smallest is 0. */
const largest: Readonly<Record<string, number>> = {
  delayMs: 3_600_000,
  answerDelayMs: 3_600_000,
  lossPercent: 100,
  duplicatePercent: 100,
  rejectStatus: 0xffffffff,
  rejectPercent: 100,
  throttlePercent: 100,
  silentPercent: 100,
}

/** Reads faults from outside: the changes, or what is wrong with them. */
export function parseFaults(
  input: unknown,
):
  | { readonly ok: true; readonly value: Partial<NetworkFaults> }
  | { readonly ok: false; readonly refusal: string } {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { ok: false, refusal: 'an object of faults is expected' }
  for (const [name, value] of Object.entries(input)) {
    const max = largest[name]
    if (max !== undefined) {
      const fits = typeof value === 'number' && value >= 0 && value <= max
      if (!fits) return { ok: false, refusal: `${name} is a number from 0 to ${max}` }
    } else if (!Object.hasOwn(noFaults, name)) return { ok: false, refusal: 'unknown fault' }
    else if (typeof value !== 'boolean') return { ok: false, refusal: `${name} is true or false` }
  }
  return { ok: true, value: input as Partial<NetworkFaults> }
}

export interface FaultDice {
  happens(percent: number): boolean
  /** How long this message takes, in milliseconds. */
  delay(faults: NetworkFaults): number
}

/** With `reorder` alone a message takes up to this much longer: enough to be overtaken by the next. */
const reorderMs = 300

export const createFaultDice = (random: () => number): FaultDice => ({
  happens: (percent) => percent > 0 && random() * 100 < percent,
  delay: (faults) =>
    faults.delayMs + (faults.reorder ? random() * Math.max(reorderMs, faults.delayMs) : 0),
})
