/**
 * Program: the message centre and the carrier's billing system, and handsets that buy. A handset texts
 * the product's code, answers the question's own number with Y, and is served when the receipt comes.
 */
import { createBoss, createSmsc, type HandsetMessage } from '@telepurse/simulators'
import { type LoadPlan, runLoad } from './load.ts'
import { createNumbers, numberAt, numberCount } from './numbers.ts'
import { serveOrders } from './processes.ts'
import { carrierToken, smscPassword, smscUser } from './surroundings-contract.ts'

const service = '1065800886021'
const product = '100'
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

async function buyOnce(number: string): Promise<number> {
  const msisdn = `+86${number}`
  const begun = performance.now()
  const asked = nextText(msisdn)
  await smsc.sendFromHandset({ from: msisdn, to: service, text: product })
  const question = await asked
  if (!question.text.includes('回复Y')) throw new Error(`not asked: ${question.text}`)
  const told = nextText(msisdn)
  await smsc.sendFromHandset({ from: msisdn, to: question.peer, text: 'Y' })
  const receipt = await told
  if (!receipt.text.startsWith('已付')) throw new Error(`not paid: ${receipt.text}`)
  return performance.now() - begun
}

const next = createNumbers()
serveOrders({
  async open() {
    const { url: carrierUrl } = await boss.listen()
    const { port: smscPort } = await smsc.listen()
    return { smscPort, carrierUrl }
  },
  buy: (order: { readonly plan: LoadPlan }) => runLoad(order.plan, () => buyOnce(next())),
})
