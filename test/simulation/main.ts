/**
 * `npm run simulate -- --seed N [--hours H] [--only 3,17]` plays one seed and tells what happens;
 * `--seeds 1000 [--from N] [--processes 2]` plays many and counts; `--mutant NAME` plays a broken
 * build until it is found out, `--mutants` all of them; `--crash-points` dies everywhere in every
 * flow, with `--flow NAME` in one, with `--stride N` at every n-th place. `--banks` adds wallets,
 * cards, banks, tills that read codes, and billers. A failure prints the shortest trace found and
 * how to play it again.
 */
import { parseArgs } from 'node:util'
import { appMutants } from './app-mutants.ts'
import { bankMutants } from './bank-mutants.ts'
import { bankFlows, dieEverywhere, flows } from './crash-points.ts'
import { findMutants, playMany } from './many.ts'
import { type Mutant, mutants } from './mutants.ts'
import { planOf } from './plan.ts'
import { play } from './run.ts'
import { indicesOf, only, shrunk } from './shrink.ts'
import { openStage } from './stage.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    hours: { type: 'string', default: '24' },
    only: { type: 'string' },
    processes: { type: 'string', default: '1' },
    mutant: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    'no-faults': { type: 'boolean', default: false },
    banks: { type: 'boolean', default: false },
    'crash-points': { type: 'boolean', default: false },
    flow: { type: 'string' },
    stride: { type: 'string', default: '1' },
    quiet: { type: 'boolean', default: false },
  },
})
const hours = Number(values.hours)
const { mutant: name = '' } = values
const withBanks: Readonly<Record<string, Mutant>> = { ...bankMutants, ...appMutants }
const mutant = mutants[name] ?? withBanks[name]
if (values.mutant !== undefined && !mutant)
  throw new Error(
    `a mutant is one of ${[...Object.keys(mutants), ...Object.keys(withBanks)].join(', ')}`,
  )
const faults = !values['no-faults']
const banks = values.banks || name in withBanks

async function playOne(seed: number): Promise<boolean> {
  const stage = await openStage()
  try {
    const all = planOf(seed, hours, { faults, banks, isRough: mutant !== undefined })
    const wanted = values.only?.split(',').map(Number)
    const plan = wanted ? only(all, new Set(wanted)) : all
    const tell = values.quiet ? {} : { tell: console.log }
    const outcome = await play(stage, plan, { mutant, ...tell })
    const { offences, trace, steps, payments, paid, refunds } = outcome
    console.log(JSON.stringify(outcome.faults))
    console.log(
      `seed ${seed}: ${steps} steps, ${payments} purchases, ${paid} paid, ${refunds} refunds`,
    )
    console.log(`trace ${trace}`)
    for (const offence of offences) console.log(`violation: ${offence}`)
    if (offences.length === 0 || wanted) return offences.length === 0
    console.log('looking for a shorter trace …')
    const fails = async (smaller: typeof plan) =>
      (await play(stage, smaller, { mutant })).offences.length > 0
    const short = await shrunk(plan, fails)
    await play(stage, short, { mutant, tell: console.log })
    const flags = [
      `--seed ${seed} --hours ${hours} --only ${indicesOf(short.items)}`,
      ...(values.banks ? ['--banks'] : []),
      ...(values.mutant === undefined ? [] : [`--mutant ${values.mutant}`]),
    ]
    console.log(`${short.items.length} of ${plan.items.length} items are enough:`)
    for (const item of short.items) console.log(JSON.stringify(item))
    console.log(`npm run simulate -- ${flags.join(' ')}`)
    return false
  } finally {
    await stage.close()
  }
}

async function dieInEveryFlow(): Promise<boolean> {
  const stage = await openStage()
  let failures = 0
  for (const [name, acts] of Object.entries(banks ? bankFlows : flows)) {
    if (values.flow !== undefined && values.flow !== name) continue
    const { deaths, failed } = await dieEverywhere(stage, acts, Number(values.stride))
    failures += failed.length
    console.log(`${name}: ${deaths} deaths, ${failed.length} with violations`)
    for (const { offences } of failed) console.log(`violation: ${offences.join('\n  ')}`)
  }
  await stage.close()
  return failures === 0
}

if (values['crash-points']) process.exitCode = (await dieInEveryFlow()) ? 0 : 1
else if (values.seed !== undefined) process.exitCode = (await playOne(Number(values.seed))) ? 0 : 1
else {
  const given = {
    from: Number(values.from),
    count: Number(values.seeds ?? 30),
    hours,
    faults,
    banks,
  }
  const builds = mutant ? { [name]: mutant } : banks ? withBanks : mutants
  if (mutant || values.mutants)
    process.exitCode = (await findMutants(builds, given, console.log)).length === 0 ? 0 : 1
  else {
    const processes = Number(values.processes)
    const violations = await playMany({ ...given, processes }, console.log)
    process.exitCode = violations === 0 ? 0 : 1
  }
}
