/** Cards and wallets of the platform that is killed: composed as `serve` does, and what cardholders ask of them. */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDataKeys } from '../../server/src/composition/data-keys.ts'
import { openKeys } from '../../server/src/composition/keys.ts'
import { readConfig } from '../../server/src/config/index.ts'
import { Secret } from '../../server/src/kernel/index.ts'
import type { CardTerms, Payments } from '../../server/src/payments/index.ts'
import { enterMaster } from '../../server/test/bank/operations-stage.ts'
import { bankNames, masterKeyOf } from '../cards/banks.ts'
import { enrolPeople, holders, pinOf } from '../simulation/people.ts'
import { openPurse, type PurseTools } from '../simulation/purse.ts'
import { bankPlaces } from './bank-places.ts'

export async function openPurseDesk(
  folder: string,
  tools: Omit<PurseTools, 'config'> & { readonly payments: () => Payments },
) {
  const { binTable, banksFolder, bankFiles, otpOf } = bankPlaces(folder)
  const config = readConfig({
    ...{ TELEPURSE_DATA: folder, BANKS_FOLDER: banksFolder },
    ...{ BANK_FILES: bankFiles, BIN_TABLE: binTable },
  })
  if (!config.ok) throw new Error(config.refusal.join('\n'))
  const keys = openKeys(config.value, tools)
  await makeDataKeys(config.value, keys)
  for (const name of bankNames)
    if (keys.readable(`bank:${name}:zmk`).length === 0)
      await enterMaster(keys, `bank:${name}:zmk`, masterKeyOf(name))
  keys.close()
  const purse = await openPurse({ ...tools, config: config.value })
  const { asked, cards } = purse
  const holderOf = (msisdn: unknown) => {
    const holder = holders.find((one) => one.msisdn === msisdn)
    if (!holder) throw new Error('that is no cardholder')
    return holder
  }
  const termsOf = async (msisdn: string): Promise<CardTerms> => {
    const terms = await cards.view.payingCardOf(msisdn)
    if (!terms) throw new Error('there is no card that can pay')
    return terms
  }

  type Asked = Readonly<Record<string, unknown>>
  return {
    ...purse,
    answers: {
      async enrol() {
        while (!asked.areBanksUp()) await sleep(20)
        await enrolPeople(asked, ({ pan }) => readFileSync(otpOf(pan), 'utf8'))
      },
      async movement({ msisdn, kind, amount, key }: Asked) {
        const holder = holderOf(msisdn)
        const { id: cardId } = await termsOf(holder.msisdn)
        const order = {
          ...{ msisdn: holder.msisdn, cardId, amount: BigInt(String(amount)) },
          ...({ channel: 'web', key: String(key) } as const),
        }
        const placed =
          kind === 'top_up'
            ? await asked.wallet.topUp({ ...order, pin: new Secret(pinOf(holder)) })
            : await asked.wallet.withdraw({ ...order, speed: 'same_day' })
        if (!placed.ok) throw new Error(placed.refusal)
        return placed.value.movement.id
      },
      movementState: async ({ id }: Asked) => (await asked.wallet.movement(String(id)))?.state,
      async cardOrder({ msisdn, merchantId, amount, key }: Asked) {
        const placed = await tools.payments().order({
          ...{ msisdn: String(msisdn), merchantId: String(merchantId) },
          ...{ channel: 'web', consent: 'pin', flow: 'charge' },
          what: { amount: BigInt(String(amount)) },
          card: await termsOf(String(msisdn)),
          keys: [{ scope: 'kill card', key: String(key), contentHash: 'a' }],
          merchantOrderId: String(key),
        })
        if (!placed.ok) throw new Error(placed.refusal)
        return placed.value.payment.id
      },
      /** The PIN has come: checked where it is ours, kept for the bank where it is not. */
      async cardYes({ msisdn, paymentId }: Asked) {
        const holder = holderOf(msisdn)
        const id = String(paymentId)
        const pin = new Secret(pinOf(holder))
        if (holder.bank === 'beichen') await cards.keptPins.keep(id, pin)
        else {
          const checked = await purse.walletPins.check(holder.msisdn, pin, 'web')
          if (!checked.ok) throw new Error(checked.refusal.code)
        }
        const card = await termsOf(holder.msisdn)
        const said = await tools.payments().approve({ paymentId: id, msisdn: holder.msisdn, card })
        // Said once more it finds its own yes.
        if (!said.ok && said.refusal !== 'not_allowed_now') throw new Error(said.refusal)
        return id
      },
    },
  }
}

export const hasBanks = (folder: string) => existsSync(bankPlaces(folder).binTable)
