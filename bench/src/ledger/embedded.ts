/** Program: the ledger on PGlite, on files, with every commit on the disk. */
import { type Database, openDatabase } from '../../../server/src/db/index.ts'
import { serveOrders } from '../processes.ts'
import { runLists } from './measure.ts'
import { createLists, seedAccounts } from './world.ts'

export interface EmbeddedAnswers {
  open: object
  /** How long each list took, in milliseconds. */
  run: { readonly took: readonly number[] }
}

let db: Database
let next: ReturnType<typeof createLists>['next']

serveOrders({
  async open({ accounts, dataDir }: { readonly accounts: number; readonly dataDir: string }) {
    db = await openDatabase({ dataDir, statementTimeoutMs: 600_000 })
    await seedAccounts(db, accounts)
    await db.transact((tx) => tx.query('analyze'))
    next = createLists(accounts, 'uniform').next
    return {}
  },
  async run({ ms }: { readonly ms: number }) {
    const took: number[] = []
    await runLists(db, next)(performance.now() + ms, (each) => took.push(each))
    return { took }
  },
})
