/**
 * Order numbers from blocks of a thousand, so that a batch seldom asks the database for more. A block
 * is ours once the transaction that fetched it has committed, and not before: until then a crash of the
 * database takes the sequence back, and somebody else is given the same block.
 */
import type { Tx } from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import { orderNumberBlock } from './trace-store.ts'

export interface OrderNumbers {
  /** Makes sure that `count` numbers can be taken in this transaction; one at a time. */
  fill(tx: Tx, count: number): Promise<void>
  take(): bigint
}

interface Block {
  next: bigint
  readonly end: bigint
}

const blockSize = 1_000n

export function createOrderNumbers(): OrderNumbers {
  let kept: readonly Block[] = []
  /** Fetched by the transaction under way; forgotten by the next one unless this one commits. */
  let fetched: Block[] = []
  const left = () => [...kept, ...fetched].reduce((sum, { next, end }) => sum + (end - next), 0n)
  return {
    async fill(tx, count) {
      const mine: Block[] = []
      fetched = mine
      while (left() < BigInt(count)) {
        const first = await orderNumberBlock(tx)
        mine.push({ next: first, end: first + blockSize })
      }
      tx.afterCommit(() => {
        kept = [...kept, ...mine].filter(({ next, end }) => next < end)
        if (fetched === mine) fetched = []
      })
    },
    take() {
      const block = [...kept, ...fetched].find(({ next, end }) => next < end)
      assert(block, 'order numbers are filled before they are taken')
      const number = block.next
      block.next += 1n
      return number
    },
  }
}
