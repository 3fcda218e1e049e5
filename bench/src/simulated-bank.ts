/** Program: the bank of the server's cards, and another one like it for the link alone. */
import { createBank, type NewCard } from '@telepurse/simulators'
import {
  bankName,
  begins,
  cardAt,
  holderName,
  institution,
  masterKey,
  platform,
} from './bank-contract.ts'
import { serveOrders } from './processes.ts'

function cardOf(index: number): NewCard {
  const { number, pan, idNumber } = cardAt(index)
  return {
    ...{ pan, kind: 'debit', expiry: '3012', pin: '246810', cvn2: '321', balance: 1_000_000_00n },
    holder: { name: holderName, idKind: '01', idNumber, mobile: number },
  }
}

const open = (cards: readonly NewCard[]) =>
  createBank({
    ...{ code: bankName, institution, platform, bins: [begins], cards },
    zoneMasterKey: { reveal: () => masterKey },
    ...{ mac: 'x9.19', pinRule: 'ours', now: Date.now },
    cutOver: { at: '23:00', lastsMs: 0 },
  }).listen()

serveOrders({
  async open({ cardCount }: { readonly cardCount: number }) {
    const cards = Array.from({ length: cardCount }, (_, index) => cardOf(index))
    const [server, alone] = await Promise.all([open(cards), open(cards)])
    return { server: server.port, alone: alone.port }
  },
})
