/**
 * Program: the message centre and the carrier's billing system, and handsets that buy. A handset texts
 * for the product, answers the question's own number with Y or a PIN, and is served when the receipt comes.
 */
import { createBoss, createSmsc, type HandsetMessage } from '@telepurse/simulators'
import { cardsMax, walletPin } from './bank-contract.ts'
import { type LoadPlan, runLoad } from './load.ts'
import { createNumbers, numberAt, numberCount } from './numbers.ts'
import { serveOrders } from './processes.ts'
import { carrierToken, smscPassword, smscUser, type Way } from './surroundings-contract.ts'

/** Longer than any round: whoever waits this long was forgotten. */
const patienceMs = 20_000

const lines = Array.from({ length: numberCount }, (_, index) => ({
  msisdn: numberAt(index),
  billing: 'postpaid' as const,
  balance: 1_000_00n,
}))
const boss = createBoss({ now: Date.now, token: carrierToken, lines })
const smsc = createSmsc({
  port: 0,
  systemId: smscUser,
  password: smscPassword,
  now: Date.now,
  limits: { window: 500 },
})
const waiting = new Map<string, (message: HandsetMessage) => void>()
smsc.onChange((change) => {
  if (change.kind === 'message' && change.message.direction === 'received')
    waiting.get(change.msisdn)?.(change.message)
})

/** The next text to a handset. */
const nextText = (msisdn: string) =>
  new Promise<HandsetMessage>((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(msisdn)
      reject(new Error('no text in time'))
    }, patienceMs)
    waiting.set(msisdn, (message) => {
      clearTimeout(timer)
      waiting.delete(msisdn)
      resolve(message)
    })
  })

/** How a handset buys: what it texts where, what the question says, and the answer. */
const ways: Readonly<Record<Way, Readonly<Record<'to' | 'text' | 'asks' | 'yes', string>>>> = {
  phone_bill: { to: '1065800886021', text: '100', asks: '回复Y', yes: 'Y' },
  card: { to: '10658008', text: '6021 100', asks: '支付密码', yes: walletPin },
}

async function buyOnce(way: Way): Promise<number> {
  const { to, text, asks, yes } = ways[way]
  const msisdn = `+86${nextOf[way]()}`
  const begun = performance.now()
  const asked = nextText(msisdn)
  await smsc.sendFromHandset({ from: msisdn, to, text })
  const question = await asked
  if (!question.text.includes(asks)) throw new Error(`not asked: ${question.text}`)
  const told = nextText(msisdn)
  await smsc.sendFromHandset({ from: msisdn, to: question.peer, text: yes })
  const receipt = await told
  if (!receipt.text.startsWith('已付')) throw new Error(`not paid: ${receipt.text}`)
  return performance.now() - begun
}

// The first numbers are those with cards.
const nextOf = { card: createNumbers(), phone_bill: createNumbers(cardsMax) }
serveOrders({
  async open() {
    const { url: carrierUrl } = await boss.listen()
    const { port: smscPort } = await smsc.listen()
    return { smscPort, carrierUrl }
  },
  buy: ({ plan, way = 'phone_bill' }: { readonly plan: LoadPlan; readonly way?: Way }) =>
    runLoad(plan, () => buyOnce(way)),
})
