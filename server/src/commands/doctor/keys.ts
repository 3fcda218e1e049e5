/** What can be said of the keys of banks and cards: whether the store opens, and how many are in it. */
import { openKeys } from '../../composition/keys.ts'
import type { Config } from '../../config/index.ts'
import { createIds, systemClock } from '../../kernel/index.ts'
import { KeyStoreRefused } from '../../keys/index.ts'
import { bad, type Finding, good } from './finding.ts'

export function checkKeys(config: Config): Finding[] {
  const { fieldKey, keyStore } = config
  // Said where the settings are.
  if (fieldKey === null) return []
  try {
    const keys = openKeys(config, { fieldKey, clock: systemClock, ids: createIds() })
    const current = keys.list().filter((key) => key.state === 'current').length
    keys.close()
    const place = keyStore === 'file' ? 'in the file' : 'on the token'
    return [good('keys', current === 0 ? `none ${place}` : `${current} ${place}`)]
  } catch (error) {
    if (!(error instanceof KeyStoreRefused)) throw error
    return [bad('keys', error.message, 'see docs/operating/keys.md')]
  }
}
