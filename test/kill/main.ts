/** `npm run kill-loop -- --app 10 --db 5`: the long kill loop, with a line for each kill and a last one. */
import { parseArgs } from 'node:util'
import { runKillLoop } from './kill-loop.ts'

const { values } = parseArgs({
  options: {
    app: { type: 'string', default: '10' },
    db: { type: 'string', default: '5' },
    'load-ms': { type: 'string', default: '600' },
  },
})
const figures = await runKillLoop({
  app: Number(values.app),
  db: Number(values.db),
  loadMs: Number(values['load-ms']),
  log: console.log,
})
for (const line of [...figures.lost, ...figures.doubled, ...figures.offences]) console.log(line)
console.log(
  `${figures.appKills} kills of the app and ${figures.dbKills} of PostgreSQL: ` +
    `${figures.acknowledged} purchases and ${figures.refunds} refunds acknowledged, ` +
    `${figures.charged} charged, ${figures.repeated} questions asked again, back in ${figures.backMs} ms; ` +
    `${figures.lost.length} lost, ${figures.doubled.length} doubled, ${figures.offences.length} rules broken`,
)
process.exitCode =
  figures.lost.length + figures.doubled.length + figures.offences.length > 0 ? 1 : 0
