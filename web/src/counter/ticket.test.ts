import { describe, expect, test } from 'vitest'
import type { Problem } from '../api.ts'
import { phaseOf, questionOf, type Ticket, ticketsAfter } from './ticket.ts'
import type { ActView, ApprovalState, ApprovalView } from './views.ts'

const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  ...{ key: 'k1', kind: 'cash_out', number: '139****0001', facts: [] },
  request: { path: '/acts/cash-out', body: { amount: '100' } },
  secrets: ['walletPin'],
  ...{ sending: false, lost: false, problem: null, act: null, approval: null },
  ...more,
})

const act = (more: Partial<ActView> = {}): ActView => ({
  ...{ id: 'a1', kind: 'cash_out', state: 'begun', waitsFor: null, msisdn: '139****0001' },
  ...{ amount: '100', shown: {}, voucher: null, refusal: null, person: '0417' },
  ...{ beganAt: '2026-11-23T06:00:00Z', endedAt: null },
  ...more,
})

const person = { login: '0417', name: '周', office: '滨江路厅', roles: [] }

const approval = (state: ApprovalState): ApprovalView => ({
  ...{ id: 'p1', kind: 'cash_out', state, shown: {}, reason: '大额', askedBy: person },
  ...{ askedAt: '', expiresAt: '', decidedBy: null, decidedAt: null, note: null },
})

const no: Problem = { kind: 'refused', status: 409, type: 'x', title: 'no', detail: '' }

describe('where an act stands', () => {
  test.each<[string, Partial<Ticket>]>([
    ['sending', { sending: true }],
    ['lost', { lost: true }],
    ['refused', { problem: no }],
    ['waiting', { approval: approval('asked') }],
    ['approved', { approval: approval('approved') }],
    ['not_agreed', { approval: approval('declined') }],
    ['not_agreed', { approval: approval('withdrawn') }],
    ['not_agreed', { approval: approval('expired') }],
    ['lost', { approval: approval('used') }],
    ['unknown', { act: act() }],
    ['unknown', { act: act({ waitsFor: 'answer' }), sending: true }],
    ['code', { act: act({ waitsFor: 'code' }), problem: no }],
    ['done', { act: act({ state: 'done' }), lost: true }],
    ['refused', { act: act({ state: 'refused' }) }],
  ])('%s', (phase, more) => {
    expect(phaseOf(ticket(more))).toBe(phase)
  })
})

describe('what a ticket remembers', () => {
  const stepped = (from: Ticket, event: Parameters<typeof ticketsAfter>[1]) =>
    ticketsAfter([from], event)[0]

  test('the request, word by word, while the answer is lost or a second person is asked', () => {
    const { request } = ticket()
    expect(stepped(ticket(), { is: 'lost', key: 'k1' })?.request).toEqual(request)
    const waits = { act: null, approval: approval('asked') }
    const asked = stepped(ticket(), { is: 'answered', key: 'k1', answer: waits })
    expect(asked?.request).toEqual(request)
    const agreed = { is: 'approval_seen', key: 'k1', approval: approval('approved') } as const
    expect(stepped(ticket(waits), agreed)?.request).toEqual(request)
  })

  test('nothing of it once the server knows the act, or it has come to nothing', () => {
    const known = { act: act(), approval: null }
    const answered = stepped(ticket(), { is: 'answered', key: 'k1', answer: known })
    expect([answered?.request, answered?.secrets]).toEqual([null, []])
    expect(stepped(ticket(), { is: 'refused', key: 'k1', problem: no })?.request).toBeNull()
    const declined = { is: 'approval_seen', key: 'k1', approval: approval('declined') } as const
    expect(stepped(ticket(), declined)?.request).toBeNull()
  })

  test('a new try forgets the old problem, and a closed ticket is gone', () => {
    const again = stepped(ticket({ problem: no, lost: true }), { is: 'sent', key: 'k1' })
    expect(again).toMatchObject({ sending: true, lost: false, problem: null })
    expect(ticketsAfter([ticket()], { is: 'closed', key: 'k1' })).toEqual([])
    expect(ticketsAfter([ticket()], { is: 'lost', key: 'k2' })).toEqual([ticket()])
  })
})

describe('what is asked by itself', () => {
  const rounds = [0, 1, 2, 3, 4, 5, 6, 7]
  const questions = (of: Ticket) => rounds.map((round) => questionOf(of, round))

  test('a second person’s answer each round, and what has ended never', () => {
    expect(new Set(questions(ticket({ approval: approval('asked') })))).toEqual(
      new Set(['approval']),
    )
    expect(new Set(questions(ticket({ act: act({ state: 'done' }) })))).toEqual(new Set([null]))
    expect(new Set(questions(ticket({ act: act(), sending: true })))).toEqual(new Set([null]))
  })

  test('cash is asked for again under its key, a bank never', () => {
    expect(questions(ticket({ act: act() }))).toContain('retry')
    const bind = act({ kind: 'bind' })
    expect(new Set(questions(ticket({ kind: 'bind', act: bind })))).toEqual(new Set(['act']))
  })

  test('a lost request goes again by itself only where no PIN belongs to it', () => {
    expect(questions(ticket({ lost: true, secrets: [] }))).toContain('again')
    expect(new Set(questions(ticket({ lost: true })))).toEqual(new Set([null]))
  })
})
