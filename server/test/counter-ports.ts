/** Cards, wallet, identities and PINs as the counter knows them, in memory, with faults on demand. */

import type { CardBindings } from '../src/bank-cards/index.ts'
import type {
  BoundCard,
  GivenCard,
  Owner,
  Person,
  PinState,
  Ports,
  VerifyAnswer,
  WordSource,
  Words,
} from '../src/channels/counter/index.ts'
import type { Identities } from '../src/identities/index.ts'
import { accept, format, refuse, Secret } from '../src/kernel/index.ts'
import type { Wallet } from '../src/wallet/index.ts'
import type { WalletPins } from '../src/wallet-pins/index.ts'

type WordTable = Readonly<Record<string, Words>>

const words = (rows: Readonly<Record<string, string>>, start: string): WordTable =>
  Object.fromEntries(
    Object.entries(rows).map(([name, code]) => [
      name,
      { code: `${start}${code}`, zh: `${name}的说明`, en: `words of ${name}` },
    ]),
  )

const cardWords: WordTable = {
  ...words({ owner_unknown: '20', unknown_binding: '25', code_wrong: '17' }, 'BK-E'),
  bound_elsewhere: {
    code: 'BK-E07',
    zh: '此卡已绑定其他手机',
    en: 'Card is bound to another phone',
  },
  owner_differs: {
    code: 'BK-E08',
    zh: '机主与持卡人须为同一人',
    en: 'Phone owner and card holder must be the same',
  },
}
const walletWords = words({ low_balance: '01', wallet_not_found: '11' }, 'WL-')

const cardSource: WordSource = {
  names: Object.keys(cardWords),
  of: (name) => cardWords[name],
}
const walletSource: WordSource = {
  names: [...Object.keys(walletWords), 'balance_left'],
  of: (name, { left = 0n }) =>
    name === 'balance_left'
      ? { code: 'WL-19', zh: `余额${format(left)}元`, en: `${format(left)} is left` }
      : walletWords[name],
}

const jiangcheng = { zh: '江城银行', en: 'Jiangcheng Bank' }

type Card = BoundCard & { readonly msisdn: string; readonly pan: string }

/** The modules themselves fit as they are: this does not compile otherwise. */
export const asPorts = (modules: {
  readonly identities: Identities
  readonly pins: WalletPins
  readonly cards: CardBindings
  readonly wallet: Wallet
}): Pick<Ports, 'identities' | 'pins' | 'cards' | 'wallet'> => modules

export type Fakes = ReturnType<typeof createFakes>

export function createFakes() {
  const owners = new Map<string, Owner & { readonly number: string; readonly name: string }>()
  const pins = new Map<string, { state: PinState['state']; pin: string }>()
  const cards = new Map<string, Card>()
  const wallets = new Map<string, { id: string; state: 'open' | 'closed'; balance: bigint }>()
  const moved = new Map<string, bigint>()
  const bills = new Map<string, { left: bigint; leastLeft: bigint; dueOn: string }>()
  const texts: { msisdn: string; pin: string; kind: 'initial' | 'reset' }[] = []
  const asked: string[] = []
  /** What the bank says next; yes without it. */
  const answers: VerifyAnswer['outcome'][] = []
  /** Runs before the wallet moves cash, and after: to die there. */
  const around = { before: async () => {}, after: async () => {} }
  let sequence = 0

  const isSame = (msisdn: string, { name, number }: Person) => {
    const owner = owners.get(msisdn)
    return owner?.name === name.reveal() && owner.number === number.reveal()
  }
  function refusalOf({ msisdn, pan, name, document }: GivenCard & { msisdn: string }) {
    if (!owners.has(msisdn)) return 'owner_unknown'
    if (!isSame(msisdn, { name, number: document.number })) return 'owner_differs'
    const other = [...cards.values()].find((one) => one.pan === pan.reveal())
    return other && other.msisdn !== msisdn ? 'bound_elsewhere' : null
  }
  function answer(id: string, outcome: VerifyAnswer['outcome']): VerifyAnswer {
    const card = cards.get(id)
    if (!card) return { outcome: 'refused', refusal: 'unknown_binding' }
    if (outcome === 'refused') return { outcome, refusal: 'owner_differs' }
    if (outcome !== 'active') return { outcome, binding: card }
    const binding = { ...card, state: outcome, boundAt: 1 }
    cards.set(id, binding)
    return { outcome, binding }
  }
  async function move(order: { msisdn: string; key: string; amount: bigint }, sign: bigint) {
    await around.before()
    const wallet = wallets.get(order.msisdn)
    if (!wallet) return refuse('wallet_not_found')
    if (!moved.has(order.key)) {
      const change = sign * order.amount
      if (wallet.balance + change < 0n) return refuse('low_balance')
      wallet.balance += change
      moved.set(order.key, change)
    }
    await around.after()
    return accept({ balance: format(wallet.balance) })
  }

  const ports: Ports = {
    identities: {
      async register(_tx, { msisdn, name, document, level }) {
        if (owners.has(msisdn) && !isSame(msisdn, { name, number: document.number }))
          return refuse('number_has_owner')
        const number = document.number.reveal()
        if (number.length !== 18) return refuse('id_number_invalid')
        const owner = {
          ...{ identityId: msisdn, level, maskedName: `*${name.reveal().slice(-1)}` },
          ...{ maskedNumber: '4****************X', since: 1, name: name.reveal(), number },
        }
        owners.set(msisdn, owner)
        return accept(owner)
      },
      ownerOf: async (_reader, msisdn) => owners.get(msisdn),
      isSame: async (_reader, msisdn, person) => isSame(msisdn, person),
    },
    pins: {
      async issueInitial(_tx, msisdn) {
        pins.set(msisdn, { state: 'initial', pin: '135790' })
        return new Secret('135790')
      },
      async check(msisdn, pin) {
        const kept = pins.get(msisdn)
        if (!kept) return refuse({ code: 'none' })
        if (kept.pin !== pin.reveal()) return refuse({ code: 'wrong' })
        return kept.state === 'initial' ? refuse({ code: 'must_change' }) : accept(undefined)
      },
      async reset(_tx, msisdn) {
        if (!pins.has(msisdn)) return refuse('none')
        pins.set(msisdn, { state: 'initial', pin: '246801' })
        return accept(new Secret('246801'))
      },
      async stateOf(_reader, msisdn) {
        const kept = pins.get(msisdn)
        return kept && { state: kept.state, triesLeft: 5, initialUntil: null, locked: null }
      },
    },
    cards: {
      cardsOf: async (_reader, msisdn) =>
        [...cards.values()].filter((one) => one.msisdn === msisdn && one.state !== 'unbound'),
      defaultCard: async (_reader, msisdn) =>
        [...cards.values()].find((one) => one.msisdn === msisdn && one.state === 'active'),
      async check(card) {
        const checks = { owner: refusalOf(card), card: null }
        return { issuer: { bank: 'jcb', kind: 'debit', terms: jiangcheng }, checks }
      },
      async begin(card) {
        asked.push(`begin ${card.consent.clerk} ${card.consent.voucherNo}`)
        const refusal = refusalOf(card)
        if (refusal !== null) return refuse(refusal)
        const pan = card.pan.reveal()
        const known = [...cards.values()].find((one) => one.pan === pan && one.state !== 'unbound')
        if (known) return accept(known)
        sequence += 1
        const id = `01890000-0000-7000-8000-${String(sequence).padStart(12, '0')}`
        const binding: Card = {
          ...{ id, msisdn: card.msisdn, pan, bank: 'jcb', kind: 'debit', state: 'verifying' },
          ...{ first6: pan.slice(0, 6), last4: pan.slice(-4), boundAt: null },
        }
        cards.set(id, binding)
        return accept(binding)
      },
      async rebind({ id }) {
        const card = cards.get(id)
        return card ? accept(card) : refuse('unknown_binding')
      },
      async verify(id, { code }) {
        asked.push(`verify ${id}`)
        if (code && code.reveal() !== '123456') return { outcome: 'refused', refusal: 'code_wrong' }
        return answer(id, answers.shift() ?? 'active')
      },
      isCard: async (id, number) => cards.get(id)?.pan === number.reveal(),
      async unbind(_tx, id) {
        const card = cards.get(id)
        if (!card) return refuse('unknown_binding')
        const gone = { ...card, state: 'unbound' } as const
        cards.set(id, gone)
        return accept(gone)
      },
    },
    bankName: (bank) => (bank === 'jcb' ? jiangcheng : { zh: bank, en: bank }),
    wallet: {
      async open(_tx, { msisdn }) {
        if (wallets.has(msisdn)) return refuse('already_open')
        const wallet = { id: `wallet-${wallets.size + 1}`, state: 'open', balance: 0n } as const
        wallets.set(msisdn, { ...wallet })
        return accept(wallet)
      },
      async balance(msisdn) {
        const wallet = wallets.get(msisdn)
        return wallet && { account: wallet, available: wallet.balance }
      },
      cashIn: (order) => move(order, 1n),
      cashOut: (order) => move(order, -1n),
      async close({ msisdn, payTo }) {
        const wallet = wallets.get(msisdn)
        if (!wallet) return refuse('wallet_not_found')
        if (wallet.balance > 0n && !payTo)
          return { ok: false, refusal: 'balance_left', left: wallet.balance }
        wallet.balance = 0n
        wallet.state = 'closed'
        return accept(wallet)
      },
    },
    points: { balance: async () => ({ points: 120n, unseen: 2 }) },
    lines: {
      know: async () => true,
      coolOffUntil: async () => null,
      simChanged: async (_tx, { at }) => accept({ at }),
    },
    bills: { standing: async (_reader, id) => bills.get(id) },
    words: { cards: cardSource, wallet: walletSource },
    notices: {
      async initialPin(_tx, { msisdn, pin }) {
        texts.push({ msisdn, pin: pin.reveal(), kind: 'initial' })
      },
      async resetPin(_tx, { msisdn, pin }) {
        texts.push({ msisdn, pin: pin.reveal(), kind: 'reset' })
      },
    },
  }
  return { ports, owners, pins, cards, bills, wallets, moved, texts, asked, answers, around }
}
