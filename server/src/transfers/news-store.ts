/** What others have a hand in, in one statement: requests both ways, shares one is asked for, one's own bills. */
import type { Reader, Statement } from '../db/index.ts'
import { bucketOfId, type Msisdn } from '../kernel/index.ts'

/** The newest of each kind. For a bill, how its shares stand; that of a request or a share is its state. */
export interface News {
  /** `code`: a request to whoever is told, whose payment code was read. */
  readonly kind: 'request' | 'code' | 'share' | 'split'
  readonly id: string
  readonly state: string
}

const statement: Statement = {
  name: 'wallet_transfer.news',
  text: `select kind, id::text as id, state from (
      (select 'request' as kind, id, state from wallet_request where bucket = $1 and wallet_id = $2
        order by id desc limit $4)
      union all
      (select case when code_alias is null then 'request' else 'code' end, id, state
        from wallet_request where payer = $3 and asked_at > $5 order by id desc limit $4)
    ) r
    union all
    select 'share', id::text, state from (
      select h.id, h.state from wallet_split_share h
        join wallet_split s on s.bucket = h.bucket and s.id = h.split_id
        where h.msisdn = $3 and s.begun_at > $5 order by h.id desc limit $4
    ) h
    union all
    select 'split', s.id::text, s.state || (
        select ' ' || count(*) filter (where h.state = 'unpaid')
          || ' ' || count(*) filter (where h.state = 'paid')
        from wallet_split_share h where h.bucket = s.bucket and h.split_id = s.id
      )
    from (
      select bucket, id, state from wallet_split where bucket = $1 and wallet_id = $2
      order by id desc limit $4
    ) s
    order by kind, id`,
}

export interface Whose {
  readonly msisdn: Msisdn
  /** Undefined before it is opened: who has none may be asked all the same. */
  readonly walletId: string | undefined
  /** What the number was asked for up to then was another owner's. */
  readonly foreignUntil: number
}

export const newsOf = (
  reader: Reader,
  { msisdn, walletId, foreignUntil }: Whose,
  limit: number,
): Promise<News[]> =>
  reader.query<News>(statement, [
    ...[walletId === undefined ? -1 : (bucketOfId(walletId) ?? -1), walletId ?? null],
    ...[msisdn, limit, foreignUntil],
  ])
