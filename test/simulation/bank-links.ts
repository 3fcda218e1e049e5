/** The banks of one process on simulated lines, as the server's composition opens them. */
import type { Duplex } from 'node:stream'
import {
  type Banks,
  type BankTools,
  openBank,
  openBanks,
} from '../../server/src/composition/banks.ts'
import type { Config } from '../../server/src/config/index.ts'
import type { FileSource } from '../../server/src/rails/bank/index.ts'
import type { BankName } from '../cards/banks.ts'
import type { Broken } from './mutants.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface BankLinks {
  readonly config: Config
  readonly time: VirtualTime
  readonly connect: (bank: BankName) => Duplex
  readonly files: FileSource
  readonly broken: Pick<Broken, 'bank'>
}

/** An idle link asks its bank every so often whether it lives: that would be most of what happens. */
export const echoMs = 600_000
const echoedMs = 8 * 3_600_000

export const openSimulated =
  ({ time, connect, files, broken }: BankLinks) =>
  (tools: BankTools): Promise<Banks> => {
    const timing = {
      after: (ms: number, task: () => void) => time.after(ms === echoMs ? echoedMs : ms, task),
    }
    return openBanks(tools, async (given, one) => {
      const line = () => connect(one.config.name as BankName)
      const bank = await openBank(given, one, { connect: line, timing, files })
      return { ...bank, ...broken.bank(bank) }
    })
  }
