/**
 * `npm run kill-loop -- --app 100 --db 50 --backends 20`: the long kill loop, with a line for each kill
 * and a last one; `--place pglite --app 20` kills a process with the embedded database.
 */
import { parseArgs } from 'node:util'
import { runKillLoop } from './kill-loop.ts'

const { values } = parseArgs({
  options: {
    place: { type: 'string', default: 'postgres' },
    app: { type: 'string', default: '10' },
    db: { type: 'string', default: '5' },
    /** Half of them by pg_terminate_backend, half by kill -9, at which PostgreSQL restarts all. */
    backends: { type: 'string', default: '0' },
    banks: { type: 'boolean', default: false },
    'load-ms': { type: 'string', default: '3000' },
  },
})
const place = values.place === 'pglite' ? 'pglite' : 'postgres'
const backends = Number(values.backends)
const begunAt = performance.now()
const figures = await runKillLoop({
  place,
  banks: values.banks,
  kills: {
    app: Number(values.app),
    ...(place === 'postgres' && {
      db: Number(values.db),
      connection: Math.ceil(backends / 2),
      backend: Math.floor(backends / 2),
    }),
  },
  loadMs: Number(values['load-ms']),
  log: console.log,
})
for (const line of [...figures.lost, ...figures.doubled, ...figures.offences].slice(0, 100))
  console.log(line)
const { kills, acknowledged, byCard } = figures
const cards = byCard
  ? `, by card ${byCard.card} payments, ${byCard.top_up} top-ups, ${byCard.withdrawal} withdrawals`
  : ''
console.log(
  `${place}: killed ${kills.app} times the app, ${kills.db} the database, ${kills.connection} a ` +
    `connection, ${kills.backend} a backend; ${figures.total} acknowledged (${acknowledged.order} ` +
    `orders, ${acknowledged.yes} yeses, ${acknowledged.delivery} deliveries, ${acknowledged.refund} ` +
    `refunds, ${acknowledged.transfer} transfers)${cards}, ${figures.charged} charged, ${figures.givenUp} given up, ${figures.repeated} ` +
    `asked again; ${figures.lost.length} lost, ${figures.doubled.length} doubled, ` +
    `${figures.offences.length} rules broken; back in at most ${figures.backMs} ms; ` +
    `${Math.round((performance.now() - begunAt) / 1_000)} s`,
)
process.exitCode =
  figures.lost.length + figures.doubled.length + figures.offences.length > 0 ? 1 : 0
