/** The child's side of `line-process.ts`: answers questions on standard input, side by side. */
import { createInterface } from 'node:readline'

type Question = { readonly id: number; readonly ask: string } & Readonly<Record<string, unknown>>

/** Says that it is ready, then answers each question by its name. */
export function answerLines(
  answers: Readonly<Record<string, (question: Question) => unknown>>,
): void {
  const say = (line: Record<string, unknown>) =>
    process.stdout.write(
      `${JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`,
    )
  const answer = async (question: Question) => {
    try {
      say({ id: question.id, value: (await answers[question.ask]?.(question)) ?? null })
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
