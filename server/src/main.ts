#!/usr/bin/env node
/** The command line. Each command is a file in commands/, loaded when it is called. */
import { Command } from 'commander'
import type { ChargingFileOptions } from './commands/charging-file.ts'
import type { DistributeOptions } from './commands/distribute.ts'
import type { ImportOptions, KeyOptions, NewKeyOptions } from './commands/keys.ts'
import { complainOf } from './commands/output.ts'
import type { NewStaffOptions, StaffOptions } from './commands/staff.ts'
import type { StatementOptions } from './commands/statement.ts'
import type { SweepOptions } from './commands/sweep.ts'
import type { VerifyOptions } from './commands/verify.ts'
import { version } from './config/index.ts'

/** A command answers its exit code, or nothing for 0. */
async function attempt(work: () => unknown): Promise<void> {
  try {
    const code = await work()
    if (typeof code === 'number') process.exitCode = code
  } catch (error) {
    complainOf(error)
    // At once: what was half started must not keep a failed command alive.
    process.exit(1)
  }
}

// Whoever reads only the beginning (`| head`) has what was wanted.
process.stdout.once('error', () => process.exit())

const program = new Command('telepurse')
  .description('A self-hosted mobile wallet. Settings are environment variables: telepurse config')
  .version(version())

program
  .command('serve')
  .description('run the server')
  .action(() => attempt(async () => (await import('./commands/serve.ts')).serve()))

program
  .command('demo')
  .description('run everything in one process, with simulated carrier and phones')
  .action(() => attempt(async () => (await import('./commands/demo.ts')).demo()))

program
  .command('migrate')
  .description('bring the tables of the database up to date')
  .action(() => attempt(async () => (await import('./commands/migrate.ts')).migrate()))

program
  .command('verify')
  .description('check every invariant over all rows; exit code 1 when one is broken')
  .option('--audit-head <row:hash>', 'a line of telepurse audit-head from before, kept outside')
  .action((options: VerifyOptions) =>
    attempt(async () => (await import('./commands/verify.ts')).verify(options)),
  )

program
  .command('audit-head')
  .description('print the last row of the operator’s log and its hash, to be kept outside')
  .action(() => attempt(async () => (await import('./commands/audit-head.ts')).auditHead()))

program
  .command('after-restore')
  .description('make a database from a backup fit to go on, before serve')
  .action(() => attempt(async () => (await import('./commands/after-restore.ts')).afterRestore()))

program
  .command('statement')
  .description('write a merchant’s file of a business day; exit code 3 when it is not closed')
  .requiredOption('--merchant <digits>', 'the merchant, for example 6021')
  .requiredOption('--date <day>', 'the business day, for example 2026-09-12')
  .option('--format <name>', 'v3 or native', 'native')
  .option('--out <file>', 'where to write it (default: its own name, here)')
  .action((options: StatementOptions) =>
    attempt(async () => (await import('./commands/statement.ts')).statement(options)),
  )

program
  .command('charging-file')
  .description('write what a carrier is told of a business day; exit code 3 when it is not closed')
  .requiredOption('--carrier <name>', 'the carrier, for example CMCC')
  .requiredOption('--date <day>', 'the business day, for example 2026-09-12')
  .option('--out <folder>', 'where to write it (default: files/charging in TELEPURSE_DATA)')
  .action((options: ChargingFileOptions) =>
    attempt(async () => (await import('./commands/charging-file.ts')).chargingFile(options)),
  )

program
  .command('distribute')
  .description('lay the tables out over the machines of a Citus cluster; can be run again')
  .option('--shards <number>', 'how many pieces each hot table is cut into', '32')
  .option('--dry-run', 'print the SQL and change nothing')
  .option('--force', 'also when there is much to copy')
  .action((options: DistributeOptions) =>
    attempt(async () => (await import('./commands/distribute.ts')).distribute(options)),
  )

program
  .command('sweep')
  .description('gather what merchants sold up to a closed day into what they are owed')
  .option('--date <day>', 'the business day (default: the last closed one)')
  .action((options: SweepOptions) =>
    attempt(async () => (await import('./commands/sweep.ts')).sweep(options)),
  )

program
  .command('doctor')
  .description('check settings, disk, database and links; exit code 1 when something is wrong')
  .action(() => attempt(async () => (await import('./commands/doctor.ts')).doctor()))

program
  .command('config')
  .description('print every setting with its value, type, default and help')
  .option('--markdown', 'print docs/reference/settings.md instead')
  .action((options: { readonly markdown?: boolean }) =>
    attempt(async () => (await import('./commands/config.ts')).config(options)),
  )

const keys = program
  .command('keys')
  .description('make, enter, rotate and retire keys of banks and cards')
const loadKeys = () => import('./commands/keys.ts')
const byOperator = ['--operator <name>', 'who does it, for the operator’s log'] as const

keys
  .command('list')
  .description('print every version of every key with its state and check value')
  .action(() => attempt(async () => (await loadKeys()).listKeys()))

const describedKey = (name: string) =>
  keys
    .command(name)
    .argument('<name>', 'for example bank:icbc:zpk')
    .requiredOption('--use <use>', 'pin, mac, kek, card-data or lookup')
    .requiredOption(
      '--algorithm <name>',
      'tdes-double, tdes-triple, aes-128, aes-256, hmac-256, des',
    )
    .requiredOption(...byOperator)
    .option('--exportable', 'it may leave, wrapped under a kek')
    .option('--later', 'known to both sides first: activate it afterwards')

describedKey('generate')
  .description('make a key of a new name')
  .action((name: string, options: NewKeyOptions) =>
    attempt(async () => (await loadKeys()).generateKey(name, options)),
  )

describedKey('import')
  .description('take in a key, or the next version of it, by components typed in or wrapped')
  .option('--components <number>', 'of how many people: 2 or 3', '2')
  .option('--under <name>', 'the kek it is wrapped under, with --wrapped and --check-value')
  .option('--wrapped <hex>', 'the key, wrapped')
  .option('--check-value <hex>', 'the check value of the wrapped key')
  .action((name: string, options: ImportOptions) =>
    attempt(async () => (await loadKeys()).importKey(name, options)),
  )

keys
  .command('rotate <name>')
  .description('make a new version; the old one goes on decrypting')
  .requiredOption(...byOperator)
  .option('--later', 'known to both sides first: activate it afterwards')
  .action((name: string, options: KeyOptions & { readonly later?: boolean }) =>
    attempt(async () => (await loadKeys()).rotateKey(name, options)),
  )

keys
  .command('activate <name> <version>')
  .description('make a version the current one')
  .requiredOption(...byOperator)
  .action((name: string, version: string, options: KeyOptions) =>
    attempt(async () => (await loadKeys()).activateKey(name, version, options)),
  )

keys
  .command('retire <name> <version>')
  .description('destroy a version that is not the current one, for ever')
  .requiredOption(...byOperator)
  .action((name: string, version: string, options: KeyOptions) =>
    attempt(async () => (await loadKeys()).retireKey(name, version, options)),
  )

keys
  .command('wrap <name>')
  .description('print an exportable key, wrapped for the other side')
  .requiredOption('--under <name>', 'the kek that the other side has')
  .requiredOption(...byOperator)
  .action((name: string, options: KeyOptions & { readonly under: string }) =>
    attempt(async () => (await loadKeys()).wrapKey(name, options)),
  )

const staff = program
  .command('staff')
  .description('who works in business halls and for the operator')
const loadStaff = () => import('./commands/staff.ts')

staff
  .command('list')
  .description('print everybody with roles and office')
  .action(() => attempt(async () => (await loadStaff()).listStaff()))

staff
  .command('add <login>')
  .description('add a person; password and authenticator secret are printed once')
  .requiredOption('--name <name>', 'for example "Zhou Min"')
  .requiredOption('--office <name>', 'the business hall, as vouchers print it, or the department')
  .requiredOption(
    '--role <role...>',
    'clerk, supervisor, viewer, operator, several of them, or admin alone',
  )
  .requiredOption(...byOperator)
  .action((login: string, options: NewStaffOptions) =>
    attempt(async () => (await loadStaff()).addStaff(login, options)),
  )

staff
  .command('reset <login>')
  .description('a new password and authenticator secret, printed once; ends every session')
  .requiredOption(...byOperator)
  .action((login: string, options: StaffOptions) =>
    attempt(async () => (await loadStaff()).resetStaff(login, options)),
  )

const changes = [
  ['unlock', 'end the lock after too many wrong sign-ins'],
  ['disable', 'let nobody in by this login, at once'],
  ['enable', 'let the person in again'],
] as const

for (const [change, description] of changes)
  staff
    .command(`${change} <login>`)
    .description(description)
    .requiredOption(...byOperator)
    .action((login: string, options: StaffOptions) =>
      attempt(async () => (await loadStaff()).changeStaff(change, login, options)),
    )

await program.parseAsync()
