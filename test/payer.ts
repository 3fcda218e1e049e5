/** Somebody at the payment page of `shop.ts`, with a phone in hand. */
import { expect } from 'vitest'
import { origin, type Shop } from './shop.ts'

export type Payer = ReturnType<typeof createPayer>

interface Given {
  readonly number?: string
  readonly key?: string
  readonly captcha?: string
  readonly id?: string
  readonly source?: 'phone_bill' | 'card' | 'wallet'
}

/** `numbers` begins where no other payer of the same database is. */
export function createPayer(shop: Shop) {
  let numbers = 0
  /** The number in hand and the page in front, of this moment. */
  const now = { me: '', page: '' }

  function nextNumber(): string {
    numbers += 1
    return `139004${String(numbers).padStart(5, '0')}`
  }
  async function open(more: object = {}): Promise<string> {
    const body = { product: '100', orderId: `page-${nextNumber()}`, ...more }
    const made = await shop.call('POST', '/v1/checkouts', { body })
    expect(made.status).toBe(201)
    expect(made.body.url).toBe(`${origin}/pay/${made.body.id}`)
    return made.body.id
  }
  const look = async (id = now.page) => (await shop.call('GET', `/checkout/${id}`)).body
  const questions = async (number = now.me) =>
    (await shop.texts(`+86${number}`)).filter(({ id }) => id === 'T1' || id === 'C1')

  return {
    now,
    nextNumber,
    open,
    look,
    questions,
    /** A new number at a new page, with all limits behind it. */
    async begin(): Promise<void> {
      shop.clock.advance(61 * 60_000)
      now.me = nextNumber()
      now.page = await open()
    },
    /** Solves the page's sum when there is one. */
    async enter(given: Given = {}) {
      const { number = now.me, key = `key-${nextNumber()}`, id = now.page } = given
      const question: string | undefined = (await look(id)).captcha?.question
      const [a = 0, b = 0] = (question ?? '').split(' + ').map(Number)
      const captcha = given.captcha ?? (question === undefined ? undefined : String(a + b))
      return shop.call('POST', `/checkout/${id}/number`, {
        body: {
          msisdn: number,
          ...(given.source && { source: given.source }),
          ...(captcha !== undefined && { captcha }),
        },
        headers: { 'idempotency-key': key },
        from: `10.0.0.${numbers % 250}`,
      })
    },
    act: (name: string, id = now.page) =>
      shop.call('POST', `/checkout/${id}/${name}`, { from: `10.0.1.${numbers % 250}` }),
    reply: async (words: string, number = now.me) =>
      shop.text(`+86${number}`, (await questions(number)).at(-1)?.from ?? '', words),
    /** Until the carrier has answered, or has let it be known that it does not. */
    async settled(): Promise<void> {
      const { paymentId } = (await shop.call('GET', `/v1/checkouts/${now.page}`)).body
      await shop.payments.settled(paymentId, 10_000)
    },
  }
}
