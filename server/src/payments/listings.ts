/** Which subjects of a batch (`number:…`, `goods:6021/100`) stand on which list now. */
import type { Reader } from '../db/index.ts'
import { listHits } from '../risk/index.ts'
import type { Listing } from './book.ts'
import type { Command } from './command.ts'
import { merchantOf } from './counter-keys.ts'

export async function listingsIn(
  reader: Reader,
  subjects: readonly string[],
  now: number,
): Promise<Map<string, Set<Listing>>> {
  const found = new Map<string, Set<Listing>>()
  for (const { name, entry } of await listHits(reader, subjects, now)) {
    const lists = found.get(name) ?? new Set()
    found.set(name, lists.add(entry.list))
  }
  return found
}

/** All that the checks of a batch may ask the lists about. */
export function subjectsOf(
  commands: readonly Command[],
  payments: readonly {
    msisdn: string
    merchantId: string
    product: string
    account: string | null
  }[],
): string[] {
  const subjects = new Set<string>()
  const add = (
    msisdn: string,
    merchantId: string | null,
    product: string | null,
    account: string | null,
  ) => {
    subjects.add(`number:${msisdn}`)
    if (merchantId === null) return
    subjects.add(`merchant:${merchantId}`)
    if (product !== null) subjects.add(`goods:${merchantId}/${product}`)
    if (account !== null) subjects.add(`account:${account}`)
  }
  for (const { msisdn, merchantId, product, account } of payments)
    add(msisdn, merchantId, product, account)
  for (const command of commands) {
    const merchantId = merchantOf(command)
    if (command.kind === 'order') {
      const { what } = command.order
      add(command.msisdn, merchantId, 'product' in what ? what.product : '-', null)
      if ('product' in what && what.account) subjects.add(`account:${what.account}`)
    } else if (command.kind === 'text') {
      const { product } = command.text.reading
      add(command.msisdn, merchantId, product?.word ?? '-', product?.account ?? null)
    } else add(command.msisdn, null, null, null)
  }
  return [...subjects]
}
