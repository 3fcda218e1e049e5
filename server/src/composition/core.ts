/** The database and the modules on it, without links, workers or routes. */
import { sealHead } from '../audit/index.ts'
import { instructionWatch } from '../channels/mobile-money/index.ts'
import { createEventRecorder } from '../channels/webhooks/index.ts'
import { type Config, migrationsFolder, placeOf } from '../config/index.ts'
import {
  checkSettings,
  type Database,
  databaseFolders,
  type Log,
  migrate,
  openDatabase,
  watchDiskRoom,
} from '../db/index.ts'
import { createIdentities } from '../identities/index.ts'
import {
  assert,
  type Clock,
  createBusinessTime,
  createFieldCipher,
  createIds,
} from '../kernel/index.ts'
import { createCatalogue } from '../merchants/index.ts'
import { createKnownNumbers, createPayments } from '../payments/index.ts'
import { createPoints, walletsEnded } from '../points/index.ts'
import { createPolicy } from '../risk/index.ts'
import { createTopUpVouchers } from '../top-up-vouchers/index.ts'
import { createWalletPins } from '../wallet-pins/index.ts'
import { createWalletStatements } from '../wallet-statement/index.ts'
import { openBillers } from './billers.ts'
import { openCards } from './cards.ts'
import { makeDataKeys } from './data-keys.ts'
import { openKeys } from './keys.ts'
import { openCarrier } from './links.ts'
import { purses, tied } from './purses.ts'
import { releaseOf } from './release.ts'
import { openCodes, openScans } from './scans.ts'
import { openSignIns } from './sign-ins.ts'
import { isTestNumber } from './test-numbers.ts'
import { openTransfers } from './transfers.ts'
import { withRoom } from './with-room.ts'

export type Core = Awaited<ReturnType<typeof composeOn>>

/** EX_SOFTWARE of sysexits.h: a supervisor starts us again. */
const crashed = 70

interface Tools {
  readonly clock: Clock
  readonly log: Log
}

export async function composeCore(config: Config, tools: Tools): Promise<Core> {
  const db = await openDatabase({
    ...placeOf(config),
    poolMax: config.poolMax,
    applicationName: 'telepurse',
    log: tools.log,
    // Crash-only: a database that cannot go on must not be asked again by this process.
    onFatal: () => process.exit(crashed),
  })
  try {
    await refuseUnsafe(db, config, tools)
    await migrate(db, migrationsFolder)
    return await composeOn(db, config, tools)
  } catch (error) {
    await db.close()
    throw error
  }
}

/** The modules on a database that is open and migrated. */
export async function composeOn(db: Database, config: Config, { clock, log }: Tools) {
  const { fieldKey } = config
  assert(fieldKey, 'FIELD_KEY is set')
  const ids = createIds()
  const cipher = createFieldCipher(fieldKey, ids)
  const sealed = await sealHead(db, cipher)
  if (sealed) log.info({ seq: String(sealed.seq), hash: sealed.hash }, 'audit head sealed')
  const time = createBusinessTime(config.zone)
  const catalogue = await createCatalogue(db, clock)
  const policy = await createPolicy(db, clock)
  const recorder = await createEventRecorder(db, clock)
  const carrier = openCarrier(config, clock)
  const keys = openKeys(config, { fieldKey, clock, ids })
  const identities = createIdentities({ keys, clock, ids })
  const walletPins = createWalletPins({ db, keys, clock, ids, policy: policy.current })
  await makeDataKeys(config, keys)
  const parts = { config, db, clock, ids, time, keys, cipher, log, policy, identities }
  const signIns = openSignIns({ db, clock, ids, cipher, keys })
  const codes = openCodes({ db, clock, ids, cipher, signIns })
  const transfers = openTransfers(parts, {
    codes,
    knowNumber: (msisdn) => knowNumber(msisdn),
    payment: (id) => lane.get(id),
  })
  const billers = openBillers(parts)
  const points = await createPoints({ db, clock, ids, time, cipher, log })
  const topUpVouchers = createTopUpVouchers({ ...parts, policy: policy.current })
  const cards = await openCards(parts, {
    ...{ tied, opened: transfers.opened },
    ended: (tx, wallets) => walletsEnded(tx, wallets, clock.now()),
  })
  const { bindings, wallet } = cards
  const release = releaseOf({
    identities,
    walletPins,
    bindings,
    wallet,
    transfers,
    billers,
    signIns,
  })
  const disk = await watchDiskRoom({
    folders: await foldersOf(config, db),
    minBytes: config.diskFreeMin * 1_000_000,
    log,
  })
  const knowNumber = createKnownNumbers({ db, clock, carrier, release, log })
  const lane = createPayments({
    db,
    clock,
    ids,
    context: {
      time,
      catalogue,
      policy: policy.current,
      isTestNumber,
      purses,
      earns: points.programme.earns,
      watch: instructionWatch,
      isTold: (merchantId) => recorder.isHeard(merchantId, 'payment.charged'),
    },
    fundingFor: (payment) =>
      payment.source === 'card' ? cards.funding(payment) : carrier.forPayment(payment),
    refresh: () =>
      Promise.all([
        ...[catalogue.refresh(), policy.refresh(), recorder.refresh()],
        points.programme.refresh(),
      ]),
    knowNumber,
    log,
    lanes: config.paymentLanes,
    batchMax: config.paymentBatchMax,
  })
  const payments = withRoom(lane, disk)
  const { scans, scanWorker } = openScans(parts, { codes, payments, cards })
  return {
    config,
    clock,
    log,
    db,
    ids,
    time,
    catalogue,
    policy,
    recorder,
    carrier,
    disk,
    payments,
    cipher,
    fieldKey,
    keys,
    identities,
    walletPins,
    signIns,
    cards,
    transfers,
    codes,
    scans,
    scanWorker,
    billers,
    points,
    topUpVouchers,
    statements: createWalletStatements({ db, clock, time }),
    knowNumber,
    release,
  }
}

/** Whose free space counts: what the operator names, or what can be seen from here. */
async function foldersOf(config: Config, db: Database): Promise<readonly string[]> {
  if (config.diskFolders.length > 0) return config.diskFolders
  return db.engine === 'pglite' ? [config.dataDir] : databaseFolders(db)
}

/** A database that may forget what it acknowledged is no place for money. */
async function refuseUnsafe(
  db: Database,
  config: Config,
  { clock, log }: { clock: Clock; log: Log },
): Promise<void> {
  if (db.engine === 'pglite') return
  for (const problem of await checkSettings(db, { clock, connections: config.poolMax })) {
    if (problem.severity === 'fatal' && !config.unsafeDatabase)
      throw new Error(`${problem.text} (UNSAFE_DATABASE=yes starts all the same)`)
    log.warn({ problem: problem.text }, 'database setting')
  }
}
