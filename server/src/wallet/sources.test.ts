/** The order in which sources are offered: the owner's, every source once, the usual one without a word. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../../test/database.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { usualSources } from './index.ts'

describe.each(engines)('on %s', (engine) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await createStage({ engine })
  })
  afterAll(() => stage?.close())

  test('is kept for the wallet, and the usual one until then', async () => {
    const { walletId } = await stage.customer('+8613900010001')
    expect(await stage.wallet.sources(walletId)).toEqual(usualSources)
    for (const order of [['card', 'phone_bill', 'wallet'] as const, usualSources]) {
      expect(await stage.wallet.setSources(walletId, order)).toMatchObject({ ok: true })
      expect(await stage.wallet.sources(walletId)).toEqual(order)
    }
  })

  test('holds every source once, and is of a wallet', async () => {
    const { walletId } = await stage.customer('+8613900010002')
    for (const order of [['card'], ['card', 'card', 'wallet']] as const)
      expect(await stage.wallet.setSources(walletId, order)).toEqual({
        ...{ ok: false, refusal: 'order_incomplete' },
      })
    expect(await stage.wallet.setSources('nonsense', usualSources)).toEqual({
      ...{ ok: false, refusal: 'wallet_not_found' },
    })
    expect(await stage.wallet.sources(walletId)).toEqual(usualSources)
  })
})
