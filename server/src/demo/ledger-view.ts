/** The live ledger of the demo page: each payment's transfers as debit-credit pairs, and the accounts. */
import type { Reader } from '../db/index.ts'
import {
  type AccountTotal,
  accountBalances,
  parseAccountName,
  type Title,
  type Transfer,
  transfersOf,
  trialBalance,
  unitOf,
} from '../ledger/index.ts'
import type { Catalogue } from '../merchants/index.ts'
import type { Name, Payment, Refund } from '../payments/index.ts'

type Form = 'pending' | 'posted' | 'void'

export async function ledgerView(
  reader: Reader,
  catalogue: Catalogue,
  payments: readonly (Payment & { readonly refunds: readonly Refund[] })[],
) {
  const total = (await trialBalance(reader)).find(({ unit }) => unit === 'CNY')
  const all = await accountBalances(reader, { prefix: '' })
  // Amounts are shown in yuan here: what counts points has no place among them.
  const accounts = all.filter(({ name }) => unitOf(name) === 'CNY')
  const events = []
  for (const payment of payments) {
    const ids = [payment.id, ...payment.refunds.map((refund) => refund.id)]
    const transfers = await transfersOf(reader, payment.bucket, ids)
    if (transfers.length === 0) continue
    const merchant = catalogue.merchant(payment.merchantId)?.name ?? { zh: '', en: '' }
    events.push({
      id: payment.id,
      at: payment.endedAt ?? payment.chargedAt ?? payment.confirmedAt ?? payment.createdAt,
      title: {
        zh: `${merchant.zh} ${payment.goods.zh} · ${payment.orderNo}`,
        en: `${merchant.en} ${payment.goods.en} · ${payment.orderNo}`,
      },
      state: payment.state,
      ...(payment.state === 'charge_unknown' && { note: unknownNote }),
      pairs: pairsOf(transfers, catalogue),
    })
  }
  return {
    debits: ((total?.debitsPosted ?? 0n) + (total?.debitsPending ?? 0n)).toString(),
    credits: ((total?.creditsPosted ?? 0n) + (total?.creditsPending ?? 0n)).toString(),
    events,
    accounts: accounts.map((account) => accountView(account, catalogue)),
  }
}

const unknownNote: Name = {
  zh: '运营商没有答复：钱没算成功，也没算失败。预记保留，按时查询，查实才入账或撤销。',
  en: 'The carrier has not answered: not done, not failed. The hold stays; we keep asking.',
}

function pairsOf(transfers: readonly Transfer[], catalogue: Catalogue) {
  const settled = new Map<string, Form>()
  for (const transfer of transfers)
    if (transfer.pendingId !== null)
      settled.set(transfer.pendingId, transfer.kind === 'post' ? 'posted' : 'void')
  return transfers
    .filter((transfer) => transfer.kind === 'pending' || transfer.kind === 'transfer')
    .map((transfer) => ({
      debit: titleOf(transfer.debitAccount, catalogue),
      credit: titleOf(transfer.creditAccount, catalogue),
      amount: transfer.amount.toString(),
      form: transfer.kind === 'transfer' ? 'posted' : (settled.get(transfer.id) ?? 'pending'),
    }))
}

function titleOf(name: string, catalogue: Catalogue): Title {
  const parsed = parseAccountName(name)
  if (!parsed) return { zh: name, en: name }
  const owner = parsed.owner
  const merchant = owner === null ? undefined : catalogue.merchant(owner)?.name
  const suffix = merchant ?? (owner === null ? undefined : { zh: owner, en: owner })
  return suffix
    ? { zh: `${parsed.title.zh} · ${suffix.zh}`, en: `${parsed.title.en} · ${suffix.en}` }
    : parsed.title
}

function accountView(account: AccountTotal, catalogue: Catalogue) {
  const posted = account.debitsPosted - account.creditsPosted
  const pending = account.debitsPending - account.creditsPending
  const side = parseAccountName(account.name)?.side ?? 'credit'
  const asset = side === 'debit'
  return {
    name: titleOf(account.name, catalogue),
    side,
    balance: (asset ? posted : -posted).toString(),
    pending: (asset ? pending : -pending).toString(),
  }
}
