/** The child's side of `line-process.ts`: answers questions on standard input, side by side. */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

type Question = { readonly id: number; readonly ask: string } & Readonly<Record<string, unknown>>

/**
 * Says that it is ready, then answers each question by its name. Up to `lagMs` an answer is on its way
 * when all is done: a kill then finds work that is committed and not acknowledged.
 */
export function answerLines(
  answers: Readonly<Record<string, (question: Question) => unknown>>,
  lagMs = 0,
): void {
  const say = (line: Record<string, unknown>) =>
    process.stdout.write(
      `${JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? { bigint: value.toString() } : value))}\n`,
    )
  const answer = async (question: Question) => {
    try {
      const value = (await answers[question.ask]?.(question)) ?? null
      await sleep(Math.random() * lagMs)
      say({ id: question.id, value })
    } catch (error) {
      say({ id: question.id, error: String(error) })
    }
  }
  createInterface({ input: process.stdin }).on('line', (line) => {
    void answer(JSON.parse(line) as Question)
  })
  // Nobody is left to ask: a parent that died must not leave children behind.
  process.stdin.once('end', () => process.exit())
  say({ id: 0 })
}
