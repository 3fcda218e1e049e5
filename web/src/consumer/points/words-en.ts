// Points in English.
import type { Translated } from '../../names.ts'
import type { pointsZh } from './words-zh.ts'

export const pointsEn: Translated<typeof pointsZh> = {
  title: 'Points',
  mine: 'My points',
  history: 'Rewards taken',
  expiring: '{{points}} end after {{on}}',
  owed: '{{points}} are owed after a refund and go off what you earn next',
  programme: {
    on: '{{points}} for each whole yuan paid by {{sources}}',
    off: 'Nothing earns points at present',
  },
  sources: { wallet: 'balance', card: 'bank card', phone_bill: 'phone bill' },
  between: ', ',
  rewards: 'Rewards',
  noRewards: 'There is nothing to be had at present.',
  cost: '{{points}} points · {{n}} left',
  take: 'Take',
  takeOne: 'Take {{name}}',
  lines: 'How they came and went',
  noLines: 'No points yet.',
  more: 'More',
  sheet: {
    title: 'Take this reward?',
    unit: 'points',
    now: 'You have',
    after: 'Left afterwards',
    note: 'You can give it back until you look at its code; not after that.',
    action: 'Take it',
    lost: 'No answer came, it may be taken. Press again to ask about this same one; it is not paid twice.',
  },
  taken: {
    title: 'Taken',
    note: 'You have not looked at its code. Once you have, it cannot be given back.',
    show: 'Show the code',
    back: 'Give it back',
    code: 'Code',
    keep: 'Show it to nobody else. You find it again under the rewards you have taken.',
    cancelled: 'Given back: {{points}} points are there again.',
  },
  none: 'No reward taken yet.',
  ends: 'Closing takes your points ({{points}}) and the codes you have not looked at ({{n}}), for good. Use them first.',
}
