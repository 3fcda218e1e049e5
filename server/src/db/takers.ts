/**
 * Jobs that are born claimed. What is due at once, and has a worker with room in the process that
 * writes it, is written as claimed by that worker and handed over once it is committed: the table need
 * not be searched for it. Where the commit fails, or its outcome is unknown, or the process dies,
 * nobody has been handed anything, and a job that is there all the same comes back when its lease ends.
 */
import type { Job, NewJob } from './job.ts'

export interface Taker {
  /** The job as claimed by this worker; undefined when it is not due yet or there is no room. */
  claim(job: NewJob): Job | undefined
  take(jobs: readonly Job[]): void
}

export interface Takers {
  /** Jobs of the topic may go to this one; returns a function that ends it. */
  add(topic: string, taker: Taker): () => void
  of(topic: string): Taker | undefined
}

export function createTakers(): Takers {
  const byTopic = new Map<string, Taker[]>()
  return {
    add(topic, taker) {
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), taker])
      return () => {
        byTopic.set(
          topic,
          (byTopic.get(topic) ?? []).filter((one) => one !== taker),
        )
      }
    },
    of: (topic) => byTopic.get(topic)?.[0],
  }
}
