/**
 * Who is meant: key and value pairs, in a body as an array, in an address as `msisdn@+86…$walletid@…`. Several
 * identifiers are all of one account, or of none. Those we keep are the number, and the wallet's id under two names;
 * a mandate and a merchant are named the same way where they may stand.
 */
import { type Msisdn, parseMsisdn } from '../../kernel/index.ts'
import type { WalletModule } from '../../wallet/index.ts'
import { fault } from './errors.ts'

export interface Party {
  readonly key: string
  readonly value: string
}

/** Up to three, as the standard has it. */
const identifiersMax = 3

export function partiesOf(accountId: string): readonly Party[] {
  const parts = accountId.split('$')
  if (parts.length > identifiersMax) throw fault('format', { field: 'accountId' })
  return parts.map((part) => {
    const at = part.indexOf('@')
    if (at < 1 || at === part.length - 1) throw fault('format', { field: 'accountId' })
    return { key: part.slice(0, at), value: part.slice(at + 1) }
  })
}

export const partyValue = (parties: readonly Party[], key: string): string | undefined =>
  parties.find((party) => party.key === key)?.value

const walletKeys: readonly string[] = ['walletid', 'accountid']
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export interface Found {
  readonly msisdn: Msisdn
  /** Null for a number without a wallet. */
  readonly walletId: string | null
}

/** The account that all identifiers agree on; throws `identifierError`, whichever of them is wrong. */
export async function accountOf(
  wallet: Pick<WalletModule, 'account' | 'balance'>,
  parties: readonly Party[],
): Promise<Found> {
  const each = await Promise.all(parties.map((party) => find(wallet, party)))
  const [first] = each
  const agree = each.every(
    (one) => one?.msisdn === first?.msisdn && one?.walletId === first?.walletId,
  )
  if (!first || !agree) throw fault('identifier')
  return first
}

async function find(
  wallet: Pick<WalletModule, 'account' | 'balance'>,
  { key, value }: Party,
): Promise<Found | undefined> {
  if (key === 'msisdn') {
    const msisdn = parseMsisdn(value)
    if (!msisdn.ok) return undefined
    const balance = await wallet.balance(msisdn.value)
    return { msisdn: msisdn.value, walletId: balance?.account.id ?? null }
  }
  if (!walletKeys.includes(key) || !uuid.test(value)) return undefined
  const account = await wallet.account(value)
  const isFound = account !== undefined && account.releasedAt === null && account.state !== 'closed'
  return isFound ? { msisdn: account.msisdn, walletId: account.id } : undefined
}
