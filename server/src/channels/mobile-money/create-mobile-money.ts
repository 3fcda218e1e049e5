/** Puts the channel together: its instructions, the worker that goes on with them, its routes. */
import type { FastifyPluginAsync } from 'fastify'
import { createWorker, eachJob, type Worker } from '../../db/index.ts'
import type { InstructionDependencies, MobileMoneyDependencies } from './dependencies.ts'
import { createEffects } from './effects/index.ts'
import { createInstructions, topic } from './instructions.ts'
import { mobileMoneyRoutes } from './routes.ts'

export const createMobileMoney = (deps: MobileMoneyDependencies): FastifyPluginAsync =>
  mobileMoneyRoutes(deps, createInstructions(deps, createEffects(deps)))

/** Takes up what a process left behind, and looks at what waits. */
export function createInstructionWorker(
  deps: InstructionDependencies & {
    readonly onError: (error: unknown) => void
    /** None: it only steps. */
    readonly concurrency?: number
  },
): Worker {
  const { db, clock, onError, concurrency = 1 } = deps
  const { handle } = createInstructions(deps, createEffects(deps))
  return createWorker({
    ...{ db, clock, topic, onError, concurrency },
    handler: eachJob({ clock, handle, onError }),
  })
}
