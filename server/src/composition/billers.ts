/** The billers of a folder, one JSON file each, and the lane of their bills. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type BillersModule, createBillers } from '../billers/index.ts'
import { instructionWatch } from '../channels/mobile-money/index.ts'
import type { Config } from '../config/index.ts'
import { assert } from '../kernel/index.ts'
import {
  type BillerConfig,
  createHttpBiller,
  type HttpBiller,
  type HttpBillerOptions,
  parseBillerConfig,
} from '../rails/biller/index.ts'
import type { Parts } from './cards.ts'

export interface OpenBillers extends BillersModule {
  health(): readonly { readonly name: string; readonly up: boolean; readonly detail: string }[]
}

/** `open` makes the way to each: over HTTP as its file names it, unless it is another. */
export function openBillers(
  parts: Parts,
  open: (options: HttpBillerOptions) => HttpBiller = createHttpBiller,
): OpenBillers {
  const { config, db, clock, ids, time, log, policy } = parts
  const links: readonly HttpBiller[] = readBillers(config).map((one) =>
    open({ config: one, ids, now: clock.now }),
  )
  const billers = createBillers({
    ...{ db, clock, log, billers: links, refresh: policy.refresh },
    context: { ids, time, policy: policy.current, watch: instructionWatch },
  })
  return {
    ...billers,
    health: () =>
      links.map(({ facts, health }) => {
        const { up, detail } = health()
        return { name: facts.code, up, detail }
      }),
    async stop() {
      await billers.stop()
      await Promise.all(links.map((link) => link.close()))
    },
  }
}

/** Those who may read a file beside its owner: its group, and all others. */
const othersMask = 0o077

/** Throws, naming the file and the place in it, and nothing that stands there. */
export function readBillers({ billersFolder }: Pick<Config, 'billersFolder'>): BillerConfig[] {
  if (billersFolder === null) return []
  const files = readdirSync(billersFolder).filter((name) => name.endsWith('.json'))
  const configs = files.toSorted().map((name) => {
    const path = join(billersFolder, name)
    assert((statSync(path).mode & othersMask) === 0, `${path} can be read by others: chmod 600`)
    const read = parseBillerConfig(readFileSync(path, 'utf8'))
    assert(read.ok, read.ok ? '' : `${path}: ${read.refusal.join('; ')}`)
    return read.value
  })
  const codes = configs.map(({ facts }) => facts.code)
  assert(new Set(codes).size === codes.length, `${billersFolder} has two billers of one code`)
  return configs
}
