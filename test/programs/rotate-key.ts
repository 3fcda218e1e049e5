/** Rotates a key of the store it is told of, as another process does, and prints the new version. */
import { createIds, Secret, systemClock } from '../../server/src/kernel/index.ts'
import { createKeyStore, openKeyFile, openPkcs11 } from '../../server/src/keys/index.ts'

const [kind = '', folder = '', name = '', secretText = '', modulePath = '', label = ''] =
  process.argv.slice(2)
const ids = createIds()
const secret = new Secret(secretText)
const module =
  kind === 'file'
    ? openKeyFile({ folder, ids, master: { from: 'field-key', secret } })
    : openPkcs11({ folder, modulePath, label, pin: secret })
const rotated = await createKeyStore(module, { clock: systemClock, ids }).rotate(name)
process.stdout.write(rotated.ok ? `${rotated.value.version}\n` : `${rotated.refusal}\n`)
