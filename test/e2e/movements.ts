/** Movements that nobody knows the outcome of, in memory, and what was said of them. */
import { accept, refuse } from '../../server/src/kernel/index.ts'
import type { Movement, Wallet } from '../../server/src/wallet/index.ts'
import { customer } from '../../server/test/counter-stage.ts'

export type Movements = ReturnType<typeof createMovements>
type MovementPort = Pick<Wallet, 'movement' | 'unknownMovements' | 'resolvable' | 'resolve'>

export function createMovements() {
  const kept = new Map<string, Movement>()
  const atBank = new Set<string>()
  const said: string[] = []
  const resolvable: MovementPort['resolvable'] = async (id) => {
    const found = kept.get(id)
    if (!found) return refuse('movement_not_found')
    if (found.state !== 'unknown') return refuse('movement_not_unknown')
    return atBank.has(id) ? refuse('movement_at_bank') : accept(found)
  }
  const port: MovementPort = {
    resolvable,
    movement: async (id) => kept.get(id),
    unknownMovements: async ({ after = '', limit }) =>
      [...kept.values()]
        .filter(({ id, state }) => state === 'unknown' && id > after)
        .slice(0, limit),
    async resolve(id, outcome) {
      const found = await resolvable(id)
      if (!found.ok) return found
      said.push(`${outcome} ${id}`)
      const ended: Movement = { ...found.value, state: outcome === 'done' ? 'paid' : 'returned' }
      kept.set(id, ended)
      return accept(ended)
    },
  }
  return {
    ...{ port, atBank, said },
    hold(id: string, more: Partial<Movement> & Pick<Movement, 'requestedAt'>) {
      kept.set(id, {
        ...{ id, bucket: 0, walletId: id, msisdn: customer, kind: 'withdrawal', amount: 300_00n },
        ...{ fee: 1_00n, speed: 'same_day', bank: 'jiangcheng', cardId: id, cardToken: null },
        ...{ last4: '6215', payee: null, billedOn: null, linkedId: null, till: null },
        ...{ channel: 'web', key: id, state: 'unknown', reason: null, bankCode: null },
        ...{ sendAt: null, unknownSince: more.requestedAt, endedAt: null, businessDate: null },
        ...more,
      })
    },
  }
}
