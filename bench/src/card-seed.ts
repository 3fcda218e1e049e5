/**
 * Owners, wallet PINs and bound cards, through the modules that have them. Only the bank that confirms a
 * binding is played: bindings are not what is measured.
 */
import { createCardBindings, parseBinTable } from '../../server/src/bank-cards/index.ts'
import { createCardVault } from '../../server/src/card-vault/index.ts'
import { makeDataKeys } from '../../server/src/composition/data-keys.ts'
import { openDatabase } from '../../server/src/db/index.ts'
import { enterMaster } from '../../server/src/demo/banks.ts'
import { createIdentities, isIdNumber } from '../../server/src/identities/index.ts'
import { createFieldCipher, createIds, Secret, systemClock } from '../../server/src/kernel/index.ts'
import { createKeyStore, openKeyFile } from '../../server/src/keys/index.ts'
import { createWalletPins } from '../../server/src/wallet-pins/index.ts'
import {
  bankName,
  binTable,
  cardAt,
  holderName,
  masterKey,
  type SeededCard,
  walletPin,
} from './bank-contract.ts'

export interface CardSeed {
  readonly databaseUrl: string
  readonly fieldKey: Secret
  readonly keyFolder: string
  readonly cardCount: number
}

const atOnce = 24

/** The number of each card is there already. */
export async function seedCards(seed: CardSeed): Promise<void> {
  const { databaseUrl, fieldKey, keyFolder, cardCount } = seed
  const db = await openDatabase({ url: databaseUrl, poolMax: atOnce, statementTimeoutMs: 120_000 })
  try {
    const ids = createIds()
    const master = { from: 'field-key', secret: fieldKey } as const
    const keys = createKeyStore(openKeyFile({ folder: keyFolder, master, ids }), {
      ...{ clock: systemClock, ids },
    })
    await makeDataKeys({ keyStore: 'file' }, keys)
    await enterMaster(keys, { bank: bankName, octets: masterKey, ids })
    const cipher = createFieldCipher(fieldKey, ids)
    const bind = createBinder({ db, clock: systemClock, ids, keys, cipher })
    let next = 0
    const worker = async () => {
      while (next < cardCount) {
        next += 1
        await bind(cardAt(next - 1))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    keys.close()
  } finally {
    await db.close()
  }
}

const begin = () => ({ stan: 1, transmittedAt: '1127120000', acquirer: '1', forwarder: '1' })
const agreeing = {
  cardsPerNumberMax: 1,
  bank: { begin, verify: async () => ({ outcome: 'done' as const, value: { agreement: '1' } }) },
}

function createBinder(tools: Parameters<typeof createCardVault>[0]) {
  const { db, clock, keys, ids } = tools
  const identities = createIdentities({ keys, clock, ids })
  const policy = () => ({ pinTriesMax: 5, initialPinHours: 72 })
  const pins = createWalletPins({ db, keys, clock, ids, policy })
  const bins = parseBinTable(JSON.stringify(binTable))
  if (!bins.ok) throw new Error(bins.refusal.join('\n'))
  const bindings = createCardBindings({
    ...{ db, clock, ids, bins: bins.value, vault: createCardVault(tools), owners: identities },
    isIdentityNumber: (number) => isIdNumber(number.reveal(), clock.now()),
    bankOf: () => agreeing,
    isPayee: async () => false,
  })
  return async ({ number, pan, idNumber }: SeededCard): Promise<void> => {
    const msisdn = `+86${number}`
    const name = new Secret(holderName)
    const document = { kind: '01', number: new Secret(idNumber) } as const
    const initial = await db.transact(async (tx) => {
      const owner = { msisdn, name, document, level: 'verified', by: 'benchmark' } as const
      must(await identities.register(tx, owner))
      return pins.issueInitial(tx, msisdn, {})
    })
    const next = new Secret(walletPin)
    must(await pins.change({ msisdn, old: initial, next, channel: 'counter' }, {}))
    const consent = { version: '1', channel: 'counter' }
    const card = { msisdn, name, document, pan: new Secret(pan), consent }
    const draft = must(await bindings.begin(card))
    const { outcome } = await bindings.verify(draft.id, {})
    if (outcome !== 'active') throw new Error(`a card is not bound: ${outcome}`)
  }
}

function must<Value>(result: { ok: true; value: Value } | { ok: false; refusal: unknown }): Value {
  if (!result.ok) throw new Error(`the seed is refused: ${JSON.stringify(result.refusal)}`)
  return result.value
}
