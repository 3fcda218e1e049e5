// One payment in each of its states, for looking at the page without a server. All data is invented.
import type { Checkout, CheckoutState, Source } from '../src/checkout/checkout.ts'

const states: CheckoutState[] = [
  'enter',
  'waiting',
  'processing',
  'paid',
  'unknown',
  'declined',
  'expired',
  'cancelled',
]

const text =
  '书吧：《慢慢来》电子书，28.60元，从话费扣。回复Y确认，10分钟内有效；回N取消。短信费0.1元/条另计。客服400-000-0106'

/**
 * `/pay/waiting` shows that state, `/pay/card-waiting` by card; `/pay/captcha` asks; `/pay/live` starts at
 * the number and runs.
 */
export function checkoutFixture(id: string, now: number): Checkout | null {
  const byCard = id.startsWith('card-')
  const state = states.find((known) => known === (byCard ? id.slice('card-'.length) : id))
  if (!state && id !== 'captcha' && id !== 'live') return null
  return inState(state ?? 'enter', { id, now, source: byCard ? 'card' : 'phone_bill' })
}

type Shown = { id: string; now: number; source: Source }

export function inState(state: CheckoutState, { id, now, source }: Shown): Checkout {
  const byCard = source === 'card'
  return {
    id,
    merchant: { name: { zh: '书吧', en: 'Book Bar' }, site: 'shuba.example' },
    goods: { zh: '《慢慢来》电子书', en: 'E-book: Take It Slow' },
    amount: byCard ? '12860' : '2860',
    orderNo: 'BB2026112300417',
    state,
    now,
    expiresAt: now + 25 * 60_000,
    returnUrl: 'https://shuba.example/orders/417',
    helpTel: '400-000-0106',
    ...(byCard ? {} : { limits: { single: '3000', day: '5000', month: '10000' } }),
    cardLimits: { single: '100000', day: '500000' },
    ...(id === 'captcha' ? { captcha: { question: '7 + 5 = ?' } } : {}),
    ...(state === 'enter'
      ? {}
      : {
          msisdn: '138****8000',
          source,
          from: byCard ? '1065800880003907' : '1065800880001907',
          ...(byCard ? {} : { text }),
          sentAt: now - 93_000,
          replyBy: now + 507_000,
          resendAfter: now + 42_000,
          paymentNo: '2611231440123306',
          paidAt: now - 4_000,
          answerBy: now + 18 * 3_600_000,
        }),
  }
}
