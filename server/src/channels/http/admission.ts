/**
 * How many requests are let in at once, by what they are for. What is over is refused at once, because
 * a queue before the door would only make everybody late. Nothing here waits or reads a clock.
 *
 * A caller may hold, of its class, at most so many times the places that are still free. Alone it
 * gets most of them; the more others are there, the less; and a place is always left for one more.
 */
export const requestClasses = ['urgent', 'order', 'read', 'report', 'console', 'stream'] as const

/**
 * `urgent` ends or corrects what was begun: confirm, validate, cancel, deliver, refund. `order` begins
 * something, `read` looks, `report` makes a file, `console` is the operator, `stream` follows a page.
 */
export type RequestClass = (typeof requestClasses)[number]

interface ClassLimit {
  readonly max: number
  /** A caller may hold at most this many times the places that are free. */
  readonly greed: number
}

export interface AdmissionLimits {
  /** Requests under way at once, streams aside; the last fifth is for urgent ones. */
  readonly requestsMax: number
  readonly classes: Readonly<Record<RequestClass, ClassLimit>>
}

export const defaultLimits: AdmissionLimits = {
  // About 20 kB each with its answer: 80 MB.
  requestsMax: 4_096,
  classes: {
    // Never short of places before orders are; bounded all the same.
    urgent: { max: 2_048, greed: 4 },
    // A batch and the next one, the carrier's part included: more would only be answered later.
    order: { max: 512, greed: 4 },
    // What the database's connections serve within their callers' patience.
    read: { max: 256, greed: 4 },
    // A file is made in memory and may take its time: few at once, half of them for one caller.
    report: { max: 4, greed: 1 },
    console: { max: 32, greed: 4 },
    // Each looks at the database every second or two for as long as a page is open.
    stream: { max: 500, greed: 4 },
  },
}

export const withOrdersMax = (max: number): AdmissionLimits => ({
  ...defaultLimits,
  classes: { ...defaultLimits.classes, order: { ...defaultLimits.classes.order, max } },
})

/** Gives the place back: the answer has left, or the caller has. */
export type Leave = () => void

/** The caller holds its share already, or nobody's requests of this kind can be taken now. */
export type AdmissionRefusal = 'share' | 'full'

export interface Admission {
  enter(requestClass: RequestClass, caller: string): Leave | AdmissionRefusal
  /** Under way now, streams aside. */
  readonly requests: number
  /** By class: holding a place now, and refused since the start. */
  counts(): Readonly<Record<RequestClass, ClassCounts>>
}

export interface ClassCounts {
  readonly inside: number
  readonly share: number
  readonly full: number
}

const reserved = 0.2

export function createAdmission(limits: AdmissionLimits = defaultLimits): Admission {
  const openMax = limits.requestsMax - Math.ceil(limits.requestsMax * reserved)
  const places = Object.fromEntries(
    requestClasses.map((name) => [name, createPlaces(limits.classes[name])]),
  ) as Record<RequestClass, ReturnType<typeof createPlaces>>
  let requests = 0

  return {
    enter(requestClass, caller) {
      const own = places[requestClass]
      const isStream = requestClass === 'stream'
      const requestsMax = requestClass === 'urgent' ? limits.requestsMax : openMax
      const taken = !isStream && requests >= requestsMax ? own.turnAway() : own.take(caller)
      if (typeof taken === 'string') return taken
      if (!isStream) requests += 1
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        taken()
        if (!isStream) requests -= 1
      }
    },
    get requests() {
      return requests
    },
    counts: () =>
      Object.fromEntries(requestClasses.map((name) => [name, places[name].counts()])) as Record<
        RequestClass,
        ClassCounts
      >,
  }
}

/** The places of one class. Callers without a place are forgotten, so the map is as small as `max`. */
function createPlaces({ max, greed }: ClassLimit) {
  const held = new Map<string, number>()
  const refused = { share: 0, full: 0 }
  let inside = 0

  const refuse = (refusal: AdmissionRefusal): AdmissionRefusal => {
    refused[refusal] += 1
    return refusal
  }
  const giveBack = (caller: string) => {
    inside -= 1
    const left = (held.get(caller) ?? 1) - 1
    if (left === 0) held.delete(caller)
    else held.set(caller, left)
  }
  return {
    turnAway: () => refuse('full'),
    take(caller: string): Leave | AdmissionRefusal {
      const own = held.get(caller) ?? 0
      if (inside >= max) return refuse('full')
      if (own >= greed * (max - inside)) return refuse('share')
      held.set(caller, own + 1)
      inside += 1
      return () => giveBack(caller)
    },
    counts: (): ClassCounts => ({ inside, ...refused }),
  }
}
