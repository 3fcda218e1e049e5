/** The SMS channel of a process: its link, and what goes through it in both directions. */
import {
  createInbound,
  createOutbound,
  createSmppLink,
  createSmsLog,
  type SmppLink,
} from '../channels/sms/index.ts'
import type { SmscAddress } from '../config/index.ts'
import type { Worker } from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import type { Core } from './core.ts'
import { isTestNumber } from './test-numbers.ts'
import { openTextDesk } from './text-desk.ts'

export interface Sms {
  readonly link: SmppLink
  /** Begins to connect and to send. */
  start(): void
  kick(): void
  close(): Promise<void>
}

/** Batches of texts under way at once; the link's window bounds what is outstanding. */
const lanes = 4

export function openSms(core: Core): Sms {
  const { db, clock, ids, keys, payments, log } = core
  const { smsc } = core.config
  assert(smsc !== null, 'SMSC_URL is set')
  const gateway = `${smsc.systemId}@${smsc.host}:${smsc.port}`
  const smsLog = createSmsLog(db, clock)
  const desk = openTextDesk(core)
  const inbound = createInbound({ db, clock, ids, payments, desk, smsLog, gateway, log })
  const link = createSmppLink(linkOptions(core, smsc), inbound)
  let worker: Worker | undefined
  return {
    link,
    start() {
      link.start()
      worker = createOutbound({
        db,
        clock,
        link,
        smsLog,
        keys,
        gateway,
        receipts: true,
        concurrency: lanes,
        isTestNumber,
        log,
      })
    },
    kick: () => worker?.kick(),
    async close() {
      await worker?.stop()
      await link.close()
      await smsLog.close()
    },
  }
}

function linkOptions({ clock, ids, log }: Core, smsc: SmscAddress) {
  return {
    host: smsc.host,
    port: smsc.port,
    systemId: smsc.systemId,
    password: smsc.password,
    systemType: smsc.systemType,
    addressRange: smsc.addressRange,
    bind: smsc.bind,
    limits: {
      window: smsc.window,
      perSecondMax: smsc.perSecondMax,
      deliversMax: 200,
      deliversWaitingMax: 1_000,
    },
    clock,
    random: () => (ids.random(1)[0] ?? 0) / 256,
    log: (level: 'info' | 'warn' | 'error', event: string, details: object) =>
      log[level]({ event, ...details }, 'smpp'),
  }
}
