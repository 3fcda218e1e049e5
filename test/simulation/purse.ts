/** Wallets, cards, transfers and banks of one process: the server's own composition, ready to be started. */
import type { CardBindings, PayeeCards } from '../../server/src/bank-cards/index.ts'
import { openBanks } from '../../server/src/composition/banks.ts'
import { cardWorkers } from '../../server/src/composition/card-workers.ts'
import { openCards, type Parts } from '../../server/src/composition/cards.ts'
import { openKeys } from '../../server/src/composition/keys.ts'
import { tied } from '../../server/src/composition/purses.ts'
import { openCodes } from '../../server/src/composition/scans.ts'
import { openSignIns } from '../../server/src/composition/sign-ins.ts'
import { openTransfers } from '../../server/src/composition/transfers.ts'
import { createIdentities } from '../../server/src/identities/index.ts'
import {
  type BusinessDate,
  createFieldCipher,
  type Msisdn,
  type Secret,
} from '../../server/src/kernel/index.ts'
import type { Payment } from '../../server/src/payments/index.ts'
import type { Repayments } from '../../server/src/repayments/index.ts'
import type { Transfers } from '../../server/src/transfers/index.ts'
import type { Wallet } from '../../server/src/wallet/index.ts'
import { createWalletPins } from '../../server/src/wallet-pins/index.ts'

export type PurseTools = Omit<Parts, 'keys' | 'cipher' | 'identities'> & {
  readonly fieldKey: Secret
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  readonly payment: (id: string) => Promise<Payment | undefined>
}

/** What people may ask of a process. */
export type Purse = Pick<Parts, 'db' | 'identities'> & {
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  readonly wallet: Wallet
  readonly transfers: Transfers
  readonly walletPins: ReturnType<typeof createWalletPins>
  readonly bindings: CardBindings
  readonly payeeCards: PayeeCards
  readonly repayments: Repayments
  /** The date so many days from now. */
  dateIn(days: number): BusinessDate
  areBanksUp(): boolean
}

/** `open` brings the banks up: as the settings name them, unless it is another. */
export async function openPurse(tools: PurseTools, open = openBanks) {
  const { config, db, clock, ids, time, log, policy, knowNumber } = tools
  const keys = openKeys(config, tools)
  const identities = createIdentities({ keys, clock, ids })
  const walletPins = createWalletPins({ db, keys, clock, ids, policy: policy.current })
  const cipher = createFieldCipher(tools.fieldKey, ids)
  const parts: Parts = { config, db, clock, ids, time, keys, cipher, log, policy, identities }
  const signIns = openSignIns(parts)
  const codes = openCodes({ ...parts, signIns })
  const transfers = openTransfers(parts, { ...tools, codes })
  const followers = { tied, opened: transfers.opened, ended: () => {} }
  const cards = await openCards(parts, followers, open)
  const { banks, wallet, bindings } = cards
  const asked: Purse = {
    ...{ db, identities, knowNumber, wallet, transfers, walletPins, bindings },
    ...{ repayments: cards.repayments, payeeCards: cards.payeeCards },
    dateIn: (days) => time.nextDate(time.dateOf(clock.now()), days),
    areBanksUp: () => banks.health().every(({ up }) => up),
  }
  let workers: ReturnType<typeof cardWorkers> = []
  return {
    ...{ asked, cards, parts, walletPins, identities, keys, signIns, codes },
    async start() {
      banks.start()
      await banks.work()
      wallet.start()
      transfers.start()
      workers = cardWorkers({ db, clock, time, log, cards })
    },
    kick() {
      banks.kick()
      wallet.kick()
      transfers.kick()
    },
    async stop() {
      await Promise.all([...workers.map((worker) => worker.stop()), transfers.stop()])
      await wallet.stop()
      await banks.close()
      keys.close()
    },
  }
}
