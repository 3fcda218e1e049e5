/** How a link looked in the last calls. It never stops a call: it only tells. */
export interface Link {
  /** A final answer came. */
  answered(): void
  /** A call was unsent, or its outcome is unknown. */
  unanswered(detail: string): void
  health(): { readonly up: boolean; readonly unanswered: number; readonly detail: string }
}

/** Calls in a row without an answer after which the link counts as down. */
const downAfter = 3

export function createLink(now: () => number): Link {
  let unanswered = 0
  let lastAnswerAt: number | undefined
  let lastTrouble = ''
  return {
    answered() {
      unanswered = 0
      lastAnswerAt = now()
    },
    unanswered(detail) {
      unanswered += 1
      lastTrouble = detail
    },
    health() {
      const last =
        lastAnswerAt === undefined
          ? 'no answer yet'
          : `last answer ${new Date(lastAnswerAt).toISOString()}`
      const trouble = `${unanswered} without answer since (${lastTrouble})`
      return {
        up: unanswered < downAfter,
        unanswered,
        detail: unanswered === 0 ? last : `${last}, ${trouble}`,
      }
    },
  }
}
