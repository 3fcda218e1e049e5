import type { CardNotice } from './notices.ts'
import type { PinAnswer } from './ports.ts'

/** How a customer is told what is the matter with a PIN. */
export const pinNotice = (answer: PinAnswer): CardNotice =>
  answer.code === 'wrong'
    ? { id: 'card_pin_wrong', triesLeft: answer.triesLeft }
    : { id: `card_pin_${answer.code}` }
