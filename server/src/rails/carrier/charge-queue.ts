/**
 * Sends charges in lists. There is no timer: what is asked for in one turn of the event loop travels
 * together, and so does what came while all lists that may be under way were. A charge alone is a list
 * of one. The queue has an end and nobody waits in it for long: whoever asks has the charge in the
 * database and comes again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Gate } from '../../kernel/index.ts'
import type { CarrierAnswer, Charge } from '../../payments/index.ts'

type Answer = CarrierAnswer<'committed'>

export interface ChargeQueueOptions {
  readonly gate: Gate
  /** Charges in a list. */
  readonly listMax: number
  /** Charges that may wait; more are `unsent`. */
  readonly waitingMax: number
  /** How long a charge may wait before it is handed back `unsent`. */
  readonly waitMs: number
  /** One answer per charge, in order. Ends always, and never throws. */
  readonly send: (charges: readonly Charge[]) => Promise<readonly Answer[]>
}

interface Entry {
  readonly charge: Charge
  readonly since: number
  readonly settle: (answer: Answer) => void
}

/** Lists under way at once: one slow answer must not hold up everybody, and small lists cost more. */
const listsMax = 4

export function createChargeQueue(
  options: ChargeQueueOptions,
): (charge: Charge) => Promise<Answer> {
  const { gate, listMax, waitingMax, waitMs } = options
  let queue: Entry[] = []
  let lists = 0
  let isWaking = false

  function wake() {
    if (isWaking || lists === listsMax) return
    isWaking = true
    lists += 1
    void sendLists()
  }

  async function sendLists() {
    await nextTurn()
    isWaking = false
    while (queue.length > 0) {
      const leave = await gate.enter(waitMs)
      const entries = take()
      if (queue.length > 0) wake()
      if (typeof leave === 'string') settle(entries, () => unsent(leave))
      else {
        const answers = entries.length > 0 ? await options.send(chargesOf(entries)) : []
        leave()
        settle(entries, (index) => answers[index] ?? nothing)
      }
    }
    lists -= 1
  }

  /** The next list, in order; a charge that is asked for twice at once is in two lists. */
  function take(): Entry[] {
    const list = new Map<string, Entry>()
    const left: Entry[] = []
    const oldest = performance.now() - waitMs
    for (const entry of queue) {
      if (entry.since < oldest) entry.settle(unsent('waited_too_long'))
      else if (list.size === listMax || list.has(entry.charge.chargeId)) left.push(entry)
      else list.set(entry.charge.chargeId, entry)
    }
    queue = left
    return [...list.values()]
  }

  return (charge) => {
    if (queue.length >= waitingMax) return Promise.resolve(unsent('queue_full'))
    return new Promise((settle) => {
      queue.push({ charge, since: performance.now(), settle })
      wake()
    })
  }
}

const chargesOf = (entries: readonly Entry[]) => entries.map(({ charge }) => charge)

function settle(entries: readonly Entry[], answerOf: (index: number) => Answer) {
  for (const [index, entry] of entries.entries()) entry.settle(answerOf(index))
}

const unsent = (detail: string) => ({ outcome: 'unsent', detail }) as const
const nothing = { outcome: 'unknown', detail: 'no_answer' } as const
