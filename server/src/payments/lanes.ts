/**
 * Several lanes side by side, each with one batch in flight. A command goes by the bucket of its number,
 * so that all of a number share a lane; with as many lanes as buckets each batch is of one bucket.
 */
import type { Coalescer } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'

export function createLanes<Command extends { readonly msisdn: Msisdn }, Result>(
  count: number,
  open: () => Coalescer<Command, Result>,
): Coalescer<Command, Result> {
  const lanes = Array.from({ length: count }, open)
  const laneOf = ({ msisdn }: Command) =>
    lanes[bucketOf(msisdn) % count] as Coalescer<Command, Result>
  return {
    submit: (command, urgency) => laneOf(command).submit(command, urgency),
    get waiting() {
      return lanes.reduce((sum, lane) => sum + lane.waiting, 0)
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}
