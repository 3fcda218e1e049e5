/**
 * Payments that begin nothing new while the disk is nearly full. A text is not taken either: the gateway
 * keeps it and brings it again. Whatever lessens what is owed goes on: carrier answers, cancellations,
 * deliveries, refunds and reversals.
 */
import type { DiskRoom } from '../db/index.ts'
import type { PaymentsModule } from '../payments/index.ts'

export const withRoom = (payments: PaymentsModule, disk: DiskRoom): PaymentsModule => ({
  ...payments,
  get waiting() {
    return payments.waiting
  },
  async order(order, deadline) {
    disk.require()
    return payments.order(order, deadline)
  },
  async text(incoming) {
    disk.require()
    return payments.text(incoming)
  },
})
