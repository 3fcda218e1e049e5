import { splitText } from '@telepurse/sms'
import { expect, test } from 'vitest'
import type { PointsNotice } from '../../points/index.ts'
import { isOfPoints } from './points-texts.ts'
import { recordOf, textOf } from './texts.ts'

const reward = { zh: '江城百货二十元代金券', en: 'Riverside store voucher 20' }
const counts = { points: '1000000', left: '99999999' }

/** Every notice with the longest values it can have; a new notice does not compile without a row. */
const notices: { readonly [Id in PointsNotice['id']]: readonly PointsNotice[] } = {
  points_spent: [{ id: 'points_spent', reward, ...counts }],
  points_returned: [{ id: 'points_returned', reward, ...counts }],
  points_expired: [{ id: 'points_expired', ...counts }],
  points_adjusted: [
    { id: 'points_adjusted', ...counts },
    { id: 'points_adjusted', ...counts, points: '-1000000' },
  ],
}

test.each(
  Object.values(notices)
    .flat()
    .flatMap((notice) => (['zh', 'en'] as const).map((language) => ({ notice, language }))),
)('$notice.id in $language is one message, and says how many', ({ notice, language }) => {
  const text = textOf(notice, language)
  const split = splitText(text, { reference: 7 })
  expect([text, split.ok && split.value.length]).toEqual([text, 1])
  expect(recordOf(notice, language)).toBe(text)
  expect(isOfPoints(notice)).toBe(true)
  expect(text).toContain('1000000')
  expect(text).toContain('99999999')
  if ('reward' in notice) expect(text).toContain(reward[language])
})
