/** Holds the lock of a directory and says so, until it is killed. */
import { lockDirectory } from '../../server/src/db/directory-lock.ts'

const [folder = ''] = process.argv.slice(2)
await lockDirectory(folder)
process.stdout.write('held\n')
setInterval(() => {}, 60_000)
