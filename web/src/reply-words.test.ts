import { expect, test } from 'vitest'
import { aroundYes, replyWordsOf } from './reply-words.ts'

const ask =
  '星游：点卡 30 元，30.00元，从话费扣。回复Y确认，30分钟内有效；回N取消。短信费0.1元/条另计。客服400-000-0106'

test.each([
  [ask, ['Y', 'N']],
  [
    'Star Games: Game card 30, CNY 30.00 from your phone bill. Reply Y to pay within 30 min, N to cancel. SMS 0.1 each.',
    ['Y', 'N'],
  ],
  ['有2笔待确认：1.点卡 2.电子书 回Y1或Y2确认，回N全部取消。', ['Y1', 'Y2', 'N']],
  ['2 to confirm: 1.Card 2.Book Reply Y1 or Y2; N cancels all.', ['Y1', 'Y2', 'N']],
  ['支付过于频繁，请32秒后再回复Y。未扣费。', ['Y']],
  ['Paid CNY 30.00: Star Games Game card 30, no. SG1. Used 30.00/100 this month.', []],
  ['已取消：星游 点卡，未扣费。', []],
  // The question of a card is answered with figures, whatever it offers besides.
  [
    '星游：点卡10元，10.00元，江城银行卡尾号6215付。回6位支付密码确认，30分钟内有效，回N取消。客服400-000-0121',
    [],
  ],
  [
    'Star Games: Game card 10, CNY 10.00 by Jiangcheng Bank card 6215. Reply your 6-digit PIN within 30 min to pay, N to cancel. Help 400-000-0121',
    [],
  ],
])('%s asks for %j', (text, words) => {
  expect(replyWordsOf(text)).toEqual(words)
})

test('the text is cut around its first yes-word and stays whole', () => {
  const { before, yes, after } = aroundYes(ask)
  expect(yes).toBe('Y')
  expect(before.endsWith('回复')).toBe(true)
  expect(before + yes + after).toBe(ask)
  expect(aroundYes('CNY 10.00')).toEqual({ before: 'CNY 10.00', yes: '', after: '' })
})
