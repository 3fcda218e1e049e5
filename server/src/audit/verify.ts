/**
 * What must hold of the operator's log. The first row that breaks the chain is named first: whoever
 * edits, removes, adds or moves one breaks it there.
 */
import type { FieldCipher } from '../kernel/index.ts'
import type { Invariant } from '../ledger/index.ts'
import { sealOf } from './audit-log.ts'
import { type Head, hashOf, readHead } from './log-store.ts'

/** `cipher` is null where the key is not known, and `kept` a head that was noted outside. */
export function auditInvariants(given: {
  readonly cipher: Pick<FieldCipher, 'mac'> | null
  readonly kept: Head | null
}): Invariant[] {
  const { cipher, kept } = given
  return [chain, ...(cipher ? [sealed(cipher)] : []), ...(kept ? [keptRow(kept)] : [])]
}

const examplesMax = 5

const chain: Invariant = {
  name: 'audit_log_is_a_chain',
  description: 'Every row of the operator’s log has its own hash and that of the row before.',
  async check(reader) {
    const rows = await reader.query<{ seq: bigint; id: string | null; fault: string }>(`
      with link as (
        select l.*, lag(seq, 1, 0::int8) over history as was_seq,
          lag(hash, 1, '') over history as was_hash
        from operator_log l window history as (order by seq)
      ), ending as (
        select coalesce(max(seq), 0) as seq,
          coalesce((select hash from operator_log order by seq desc limit 1), '') as hash
        from operator_log
      )
      select seq, id::text, case
          when seq <> was_seq + 1 then format('follows row %s: rows between are missing', was_seq)
          when hash <> ${hashOf('link')} then 'is not what was written'
          else 'does not follow from the row before'
        end as fault
      from link
      where seq <> was_seq + 1 or previous_hash <> was_hash or hash <> ${hashOf('link')}
      union all
      select ending.seq, null, case
          when head.seq is null then 'is the last; there is no head'
          else format('is the last; the head says row %s with %s', head.seq, left(head.hash, 12))
        end
      from ending left join audit_head head on true
      where (head.seq, head.hash) is distinct from (ending.seq, ending.hash)
      order by seq, id nulls last`)
    return {
      offences: BigInt(rows.length),
      examples: rows
        .slice(0, examplesMax)
        .map(({ seq, id, fault }) => `row ${seq}${id === null ? '' : ` (${id})`} ${fault}`),
    }
  },
}

const sealed = (cipher: Pick<FieldCipher, 'mac'>): Invariant => ({
  name: 'audit_head_is_sealed',
  description: 'The head of the operator’s log was sealed under our key.',
  async check(reader) {
    const head = await readHead(reader)
    if (head && head.seal === sealOf(cipher, head)) return sound
    return broken(head ? `the head at row ${head.seq} was not sealed by us` : 'there is no head')
  },
})

const keptRow = (kept: Head): Invariant => ({
  name: 'audit_log_has_the_kept_head',
  description: 'The row that was noted outside is still in the operator’s log.',
  async check(reader) {
    const [row] = await reader.query<{ hash: string }>(
      'select hash from operator_log where seq = $1::int8',
      [kept.seq],
    )
    if ((row?.hash ?? (kept.seq === 0n ? '' : null)) === kept.hash) return sound
    return broken(`row ${kept.seq} ${row ? 'is another one' : 'is missing'}`)
  },
})

const sound = { offences: 0n, examples: [] }
const broken = (example: string) => ({ offences: 1n, examples: [example] })
