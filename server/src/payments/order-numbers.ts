/** Order numbers from blocks of a thousand, so that a batch seldom asks the database for more. */
import type { Tx } from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import { orderNumberBlock } from './trace-store.ts'

export interface OrderNumbers {
  /** Makes sure that `count` numbers can be taken. */
  fill(tx: Tx, count: number): Promise<void>
  take(): bigint
}

const blockSize = 1_000n

export function createOrderNumbers(): OrderNumbers {
  const blocks: { next: bigint; end: bigint }[] = []
  const left = () => blocks.reduce((sum, block) => sum + (block.end - block.next), 0n)
  return {
    async fill(tx, count) {
      while (left() < BigInt(count)) {
        const first = await orderNumberBlock(tx)
        blocks.push({ next: first, end: first + blockSize })
      }
    },
    take() {
      const block = blocks.find((one) => one.next < one.end)
      assert(block, 'order numbers are filled before they are taken')
      const number = block.next
      block.next += 1n
      if (block.next === block.end) blocks.splice(blocks.indexOf(block), 1)
      return number
    },
  }
}
