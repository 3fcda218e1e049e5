/**
 * What a race is: many callers at the same instant, round after round, and rules that must hold of the
 * rows afterwards. A race that cannot fail proves nothing, so each names the guards it depends on:
 * with any one of them taken away (`broken.ts`) it must find something.
 */
import type { Invariant } from '../../server/src/ledger/index.ts'
import type { Mutant } from './broken.ts'
import type { Stage } from './stage.ts'

export interface Workload {
  readonly name: string
  /** In one sentence, what it proves. */
  readonly proves: string
  readonly callers: number
  /** Of the long form; an attempt is one command that a caller wants done. */
  readonly attempts: number
  readonly mutants: readonly Mutant[]
  open(stage: Stage): Promise<Play>
}

export interface Play {
  /** One race; answers how many attempts it was. What callers must not hear is complained of at once. */
  round(n: number): Promise<number>
  /** Rules of its own, each one statement; those of the ledger and of payments hold besides. */
  readonly rules: readonly Invariant[]
  /** Rules that are looked at all the time while the callers are at it. */
  readonly watched?: readonly Invariant[]
  /** Before the rows are judged at the end. */
  finish?(): Promise<void>
}
