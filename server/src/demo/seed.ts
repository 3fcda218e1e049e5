/** The demo's merchants and goods: Star Games (6021) with two cards, Book Bar (6022) with open amounts. */
import type { Database, Tx } from '../db/index.ts'
import { assert, type Ids, type Result } from '../kernel/index.ts'
import {
  addProduct,
  apply,
  approve,
  type ProductContent,
  readMerchant,
  setMerchantStatus,
  type Terms,
} from '../merchants/index.ts'

const terms: Terms = {
  feeRate: 200,
  carrierShare: 3_000,
  settlementPeriod: 'month',
  dailyCap: 20_000_00n,
  refundDays: 180,
  directCharge: true,
  openAmount: null,
}

const games = {
  name: { zh: '星游', en: 'Star Games' },
  site: 'stargames.example',
  helpTel: '400-000-0121',
}
const books = {
  name: { zh: '书吧', en: 'Book Bar' },
  site: 'bookbar.example',
  helpTel: '400-000-0122',
}

const card = (zh: string, en: string, price: bigint): ProductContent => ({
  kind: 'per_use',
  name: { zh, en },
  price,
  delivery: 'notify',
  keywords: [],
  accountPattern: null,
  regions: [],
  brands: [],
  validFrom: null,
  validTo: null,
})

/** Makes the demo's merchants unless they are there. */
export async function seedMerchants(db: Database, ids: Ids, now: number): Promise<void> {
  await db.transact(async (tx) => {
    if (await readMerchant(tx, '6021')) return
    await enrol(tx, ids, now, { number: '6021', content: games, terms })
    await sell(tx, now, '6021', '100', card('点卡10元', 'Game card 10', 10_00n))
    await sell(tx, now, '6021', '300', card('点卡30元', 'Game card 30', 30_00n))
    await enrol(tx, ids, now, {
      number: '6022',
      content: books,
      terms: {
        ...terms,
        directCharge: false,
        openAmount: {
          min: 10n,
          max: 30_00n,
          step: 10n,
          goods: { zh: '购书', en: 'Books' },
          delivery: 'notify',
        },
      },
    })
  })
}

async function enrol(
  tx: Tx,
  ids: Ids,
  now: number,
  merchant: { readonly number: string; readonly content: typeof games; readonly terms: Terms },
): Promise<void> {
  const { number } = merchant
  const applied = done(
    await apply(tx, { ...merchant.content, contact: 'demo@telepurse.example' }, { ids, now }),
  )
  done(await approve(tx, { applicationId: applied.id, terms: merchant.terms, number }, now))
  done(await setMerchantStatus(tx, { merchantId: number, status: 'on' }, now))
}

async function sell(
  tx: Tx,
  now: number,
  merchantId: string,
  code: string,
  content: ProductContent,
): Promise<void> {
  done(await addProduct(tx, { merchantId, code, status: 'on', content }, now))
}

function done<Value>(result: Result<Value, string>): Value {
  assert(result.ok, `demo data: ${result.ok ? '' : result.refusal}`)
  return result.value
}
