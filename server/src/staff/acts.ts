/** Beginning and ending acts, with the till, the voucher and the log in the same transaction. */
import type { Database, Reader, Tx } from '../db/index.ts'
import {
  type Amount,
  accept,
  assert,
  type BusinessTime,
  type Clock,
  format,
  type Ids,
  type Result,
  refuse,
} from '../kernel/index.ts'
import { type Act, type ActKind, type ActRefusal, type ActWait, movesCash } from './act.ts'
import { actsOf, findByKey, insertAct, lockAct, readAct, saveAct } from './act-store.ts'
import type { Approval } from './approval.ts'
import type { Approvals } from './approvals.ts'
import type { Logbook } from './logbook.ts'
import type { Person } from './person.ts'
import { lockPerson } from './person-store.ts'
import { free, type Till } from './till.ts'
import { addEntry, holdInTill, lockTill } from './till-store.ts'
import { type VoucherContent, voucherMonth, voucherNumber } from './voucher.ts'
import { insertVoucher, issueVoucher, nextPlace, voidVoucher } from './voucher-store.ts'

export interface ActTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly time: BusinessTime
  readonly approvals: Approvals
  readonly logbook: Logbook
  readonly macOf: (content: unknown) => string
}

export interface NewAct {
  readonly key: string
  readonly kind: ActKind
  readonly msisdn: string
  readonly contentMac: string
  readonly shown: Readonly<Record<string, string>>
  readonly amount: Amount | null
  /** Whether a second person must agree, and what he is told. */
  readonly secondPerson: boolean
  readonly reason: string | null
  /** Ids that whoever goes on with it needs. */
  readonly plan: Readonly<Record<string, string>> | null
}

export type Begun =
  | { readonly state: 'known' | 'begun'; readonly act: Act }
  | { readonly state: 'waits'; readonly approval: Approval }

/** How an act ends; what it does in our own database goes along in `work`. */
export type Ending =
  | {
      readonly state: 'done'
      readonly voucher: VoucherContent
      readonly result?: Readonly<Record<string, string>>
    }
  | {
      readonly state: 'refused'
      readonly refusal: string
      readonly detail?: Readonly<Record<string, string>>
    }
  | { readonly state: 'waits'; readonly for: ActWait; readonly result?: Act['result'] }

const listMax = 100

export function createActs({ db, clock, ids, time, approvals, logbook, macOf }: ActTools) {
  async function settleCash(tx: Tx, act: Act, isDone: boolean): Promise<void> {
    if (!movesCash(act.kind)) return
    const { id, kind, amount } = act
    assert(act.till !== null && amount !== null, 'an act with cash has a till and an amount')
    // It cannot have been closed: an act under way keeps it open.
    const till = await lockTill(tx, { id: act.till })
    assert(till, 'the till of an act under way is open')
    if (isDone) await addEntry(tx, till, { kind, amount, act: id, at: clock.now() })
    else if (kind === 'cash_out') await holdInTill(tx, till.id, -amount)
  }

  async function takeVoucher(tx: Tx, act: { id: string; office: string }): Promise<string> {
    const month = voucherMonth(time.monthOf(clock.now()))
    const number = voucherNumber(month, await nextPlace(tx, month))
    await insertVoucher(tx, { number, act: act.id, office: act.office })
    return number
  }

  /** The till an act with cash stands on; locked, so that what is free in it stays so. */
  async function tillFor(
    tx: Tx,
    { kind, amount }: NewAct,
    person: Person,
  ): Promise<Result<Till | null, 'till_missing' | 'till_short'>> {
    if (!movesCash(kind)) return accept(null)
    assert(amount !== null, 'an act with cash has an amount')
    const till = await lockTill(tx, { person: person.id })
    if (!till) return refuse('till_missing')
    return kind === 'cash_out' && free(till) < amount ? refuse('till_short') : accept(till)
  }

  /** A second person's leave, where one is needed: for this request, and as it was shown. */
  async function leaveFor(tx: Tx, asked: NewAct, person: Person) {
    const { secondPerson, reason, kind, shown } = asked
    if (!secondPerson) return accept(undefined)
    if (reason === null) return refuse('reason_missing')
    const contentMac = macOf([asked.contentMac, shown])
    return approvals.obtain(tx, { kind, contentMac, shown, reason }, person)
  }

  /** The act of this key, if it was begun before. */
  async function knownIn(
    reader: Reader,
    person: Person,
    { key, contentMac }: Pick<NewAct, 'key' | 'contentMac'>,
  ): Promise<Result<Act | undefined, 'key_used_otherwise'>> {
    const known = await findByKey(reader, { person: person.id, key })
    return known && known.contentMac !== contentMac ? refuse('key_used_otherwise') : accept(known)
  }

  async function beginIn(
    tx: Tx,
    person: Person,
    asked: NewAct,
  ): Promise<Result<Begun, ActRefusal>> {
    // One act of a person begins at a time: the same key sent twice is one act.
    await lockPerson(tx, { id: person.id })
    const { key, contentMac, kind, msisdn, shown, amount, reason } = asked
    const known = await knownIn(tx, person, asked)
    if (!known.ok) return known
    if (known.value) return accept({ state: 'known', act: known.value })
    const till = await tillFor(tx, asked, person)
    if (!till.ok) return till
    const leave = await leaveFor(tx, asked, person)
    if (!leave.ok) return leave
    if (leave.value?.state === 'waits')
      return accept({ state: 'waits', approval: leave.value.approval })
    if (till.value && amount !== null && kind === 'cash_out')
      await holdInTill(tx, till.value.id, amount)
    const now = clock.now()
    const id = ids.next(0, now)
    const act: Act = {
      ...{ id, person: person.id, office: person.office, key, kind, msisdn, contentMac, shown },
      ...{ amount, till: till.value?.id ?? null, approval: leave.value?.approval.id ?? null },
      ...{ state: 'begun', waitsFor: null, refusal: null, result: asked.plan },
      voucher: await takeVoucher(tx, { id, office: person.office }),
      ...{ beganAt: now, endedAt: null },
    }
    await insertAct(tx, act)
    await logbook.write(tx, person, {
      action: `counter.${kind}`,
      subject: `number:${msisdn}`,
      after: { act: id, voucher: act.voucher, ...shown, ...(reason !== null && { reason }) },
    })
    return accept({ state: 'begun', act })
  }

  return {
    known: knownIn,

    /** The act of this key: known from before, begun now, or waiting for a second person. */
    begin: (person: Person, asked: NewAct): Promise<Result<Begun, ActRefusal>> =>
      db.transact((tx) => beginIn(tx, person, asked)),

    /**
     * Ends an act, or says what it waits for. `work` does what is ours, in the same transaction. An act that
     * has ended before stays as it ended.
     */
    end(id: string, by: Person, work: (tx: Tx, act: Act) => Promise<Ending>): Promise<Act> {
      return db.transact(async (tx) => {
        const act = await lockAct(tx, id)
        assert(act, 'an act that was begun stays')
        if (act.state !== 'begun') return act
        const ending = await work(tx, act)
        if (ending.state === 'waits') {
          const waiting = { ...act, waitsFor: ending.for, result: ending.result ?? act.result }
          await saveAct(tx, waiting)
          return waiting
        }
        const isDone = ending.state === 'done'
        const ended: Act = {
          ...act,
          ...{ state: ending.state, waitsFor: null, endedAt: clock.now() },
          refusal: isDone ? null : ending.refusal,
          result: (isDone ? ending.result : ending.detail) ?? act.result,
        }
        await saveAct(tx, ended)
        await settleCash(tx, act, isDone)
        if (isDone)
          await issueVoucher(tx, { number: act.voucher, content: ending.voucher, at: clock.now() })
        else await voidVoucher(tx, act.voucher)
        await logbook.write(tx, by, {
          action: `counter.${act.kind}.${ending.state}`,
          subject: `number:${act.msisdn}`,
          after: {
            ...{ act: act.id, voucher: act.voucher },
            ...(act.amount !== null && { amount: format(act.amount) }),
            ...(ended.refusal !== null && { refusal: ended.refusal }),
          },
        })
        return ended
      })
    },

    /** Undefined where it is of another office. */
    async find(reader: Reader, id: string, { office }: Person): Promise<Act | undefined> {
      const found = await readAct(reader, id)
      return found?.office === office ? found : undefined
    },

    /** A supervisor sees the office, a clerk his own. */
    list(reader: Reader, { office, roles, id }: Person, onlyBegun: boolean): Promise<Act[]> {
      const person = roles.includes('supervisor') ? null : id
      return actsOf(reader, { office, person, onlyBegun, limit: listMax })
    },
  }
}

export type Acts = ReturnType<typeof createActs>
