import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { isLost, type Problem, problemOf } from '../api.ts'
import { rowsOf } from './check-rows.ts'
import { sensibleFor } from './sensible-act.ts'
import { told } from './told.ts'
import type { CustomerView } from './views.ts'
import { counterZh } from './words-zh.ts'

beforeAll(() =>
  i18next.init({ lng: 'zh-CN', resources: { 'zh-CN': { counter: counterZh } }, initAsync: false }),
)

const words = { zh: '此卡已绑定其他手机', en: 'Card is bound to another phone' }
const refused = problemOf(409, {
  title: 'x',
  type: '/problems/bound_elsewhere',
  code: 'BK-E07',
  words,
})

describe('a refusal', () => {
  const say = (problem: Problem, language = 'zh-CN') =>
    told(problem, { t: i18next.getFixedT('zh-CN', 'counter'), language })

  test('is told with its code, in the words the server sent, in the reader’s language', () => {
    expect(say(refused)).toEqual({ code: 'BK-E07', text: words.zh })
    expect(say(refused, 'en')).toEqual({ code: 'BK-E07', text: words.en })
  })

  test('without words stays calm, and never calls unknown a failure', () => {
    for (const status of [500, 502, 503]) {
      const { code, text } = say(problemOf(status, { title: 'Internal', type: 'about:blank' }))
      expect([code, text]).toEqual([String(status), counterZh.problem.unclear])
      expect(say({ kind: 'unclear', status }).text).not.toContain('未办理')
    }
    const invalid = problemOf(422, { title: 'x', type: '/problems/invalid_request' })
    expect(say(invalid).text).toBe(counterZh.problem.invalid)
  })

  test.each<[Problem, boolean]>([
    [{ kind: 'offline' }, true],
    [{ kind: 'unclear', status: 502 }, true],
    [problemOf(503, { title: 'x', type: '/problems/outcome_unknown' }), true],
    [refused, false],
    [{ kind: 'unclear', status: 404 }, false],
  ])('of %j may have been done all the same: %j', (problem, lost) => {
    expect(isLost(problem)).toBe(lost)
  })
})

describe('the list of checks', () => {
  const view = {
    ...{ bank: 'jcb', bankName: null, kind: null, maskedNumber: '' },
    checks: [
      { check: 'owner', ok: true, refusal: null },
      { check: 'free', ok: false, refusal: { code: 'BK-E07', words } },
    ] as const,
  }

  test('shows what is known, and leaves open what is not', () => {
    const check = { busy: false, problem: null, view: { ...view, checks: [...view.checks] } }
    const rows = rowsOf(check, true, 'en')
    expect(rows.map(({ name, look }) => [name, look])).toEqual([
      ['owner', 'ok'],
      ['card', 'todo'],
      ['free', 'bad'],
      ['room', 'todo'],
      ['open', 'todo'],
      ['agreement', 'ok'],
      ['bank', 'todo'],
    ])
    expect(rows[2]).toMatchObject({ code: 'BK-E07', text: words.en })
  })

  test('works on all of them at once, and has no agreement where none is signed', () => {
    const rows = rowsOf({ busy: true, problem: null, view: null }, null, 'en')
    expect(rows.map(({ look }) => look)).toEqual(['work', 'work', 'work', 'work', 'work', 'todo'])
  })
})

test.each<[string, Partial<CustomerView>]>([
  ['open', { wallet: null }],
  ['bind', {}],
  ['pin', { pin: { state: 'active', triesLeft: 0, initialUntil: null, locked: true } }],
  ['cards', { cards: [card('needs_rebinding')] }],
  ['cash', { cards: [card('active')] }],
])('%s is what such a customer has come for', (screen, more) => {
  const wallet = { id: 'w', state: 'open', balance: '0', points: '0', unseenCodes: 0 } as const
  const plain: CustomerView = {
    ...{ msisdn: '', carrier: '', brand: '', billing: 'prepaid', region: '', status: 'active' },
    ...{ simKind: 'ordinary', coolOffUntil: null, owner: null, pin: null, cards: [], wallet },
  }
  expect(sensibleFor({ ...plain, ...more })).toBe(screen)
})

function card(state: 'active' | 'needs_rebinding'): CustomerView['cards'][number] {
  return {
    ...{ id: state, bank: 'jcb', bankName: words, kind: 'debit', maskedNumber: '', state },
    ...{ boundAt: null, isDefault: false, bill: null },
  }
}
