/** The carrier of the kill loop: the simulator with its journal, in a process that nobody kills. */
import { createBoss, type NewLine } from '@telepurse/simulators'
import { people } from '../simulation/people.ts'
import { answerLines } from './answer-lines.ts'
import { lineCount, numberOf } from './numbers.ts'

const [, , journal = ''] = process.argv
const numbers = [...Array.from({ length: lineCount }, (_, n) => numberOf(n)), ...people]
const lines = numbers.map(
  (msisdn): NewLine => ({ msisdn, billing: 'postpaid', balance: 1_000_00n }),
)
const boss = createBoss({ now: Date.now, token: 'kill', journal, lines })
const { url } = await boss.listen()

answerLines({
  url: () => url,
  /** Committed charges and their sum, less what was reversed and refunded. */
  totals() {
    const charges = boss.charges().filter(({ status }) => status === 'committed')
    const net = [...boss.ledgerTotals().values()].reduce((sum, total) => sum + total.net, 0n)
    return { committed: charges.map(({ chargeId, amount }) => ({ chargeId, amount })), net }
  },
  fault: (question) =>
    boss.addFault({ kind: 'commits_and_drops_link', percent: Number(question.percent) }),
})
