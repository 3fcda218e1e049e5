// The code to show now: made on this device, with the network or without, and another one every minute.
import { importHmacKey, makeCode, webCryptoHmac } from '@telepurse/payment-code'
import { useCallback, useEffect, useState } from 'react'
import { consumerApi } from '../consumer-api.ts'
import { keepPool, type Pool, readPool } from './codes-store.ts'

/** A code counts for two minutes: one that is shown is never about to end. */
export const shownMs = 60_000
/** RFC 6238: of the codes that one alias has. */
const stepMs = 30_000
/** A pool younger than this is good for a day without the network. */
const renewLeftMs = 23 * 3_600_000

export type ShownCode =
  /** All that can be shown now was shown: until the next step of time. */
  | { is: 'making'; until: number | null }
  /** Until when it is shown. */
  | { is: 'shown'; digits: string; until: number; isOffline: boolean }
  /** Nothing is kept, or what is kept is too old, and there is no network. */
  | { is: 'none' }

export function useCode() {
  const [code, setCode] = useState<ShownCode>({ is: 'making', until: null })
  const change = useCallback(async () => {
    setCode(await nextCode().catch(() => ({ is: 'none' }) as const))
  }, [])
  useEffect(() => {
    void change()
  }, [change])
  const until = code.is === 'none' ? null : code.until
  useEffect(() => {
    if (until === null) return
    const timer = setTimeout(() => void change(), Math.max(0, until - Date.now()))
    return () => clearTimeout(timer)
  }, [until, change])
  return { code, change: () => void change() }
}

async function nextCode(): Promise<ShownCode> {
  const now = Date.now()
  const step = Math.floor(now / stepMs)
  const kept = await readPool()
  const isFresh = kept !== undefined && kept.expiresAt - now > renewLeftMs
  const renewed = isFresh && restedIn(kept, step) !== undefined ? undefined : await renew()
  const pool = renewed ?? kept
  if (pool === undefined || pool.expiresAt <= now) return { is: 'none' }
  const alias = restedIn(pool, step)
  if (alias === undefined) return { is: 'making', until: (step + 1) * stepMs }
  await keepPool({ ...pool, shown: { ...pool.shown, [alias]: step } })
  const made = await makeCode({ alias, hmac: webCryptoHmac(pool.key), now, prefix: pool.prefix })
  if (!made.ok) return { is: 'none' }
  const isOffline = !isFresh && renewed === undefined
  return { is: 'shown', digits: made.value, until: now + shownMs, isOffline }
}

/** The alias that was not shown for longest, unless all were within this step. */
function restedIn({ aliases, shown }: Pool, step: number): string | undefined {
  const last = (alias: string) => shown[alias] ?? -1
  return aliases.filter((one) => last(one) < step).toSorted((a, b) => last(a) - last(b))[0]
}

type Issued = {
  prefix: string
  key: string
  aliases: readonly string[]
  expiresAt: string
  now: string
}

/** Undefined without the network: then what is kept goes on. */
async function renew(): Promise<Pool | undefined> {
  const now = Date.now()
  const body = { now: new Date(now).toISOString() }
  const answer = await consumerApi.post<Issued>('/payment-codes', body)
  if (!answer.ok) return undefined
  const { key, prefix, aliases, ...times } = answer.value
  const lifeMs = Date.parse(times.expiresAt) - Date.parse(times.now)
  return {
    key: await importHmacKey(octetsOf(key)),
    prefix,
    aliases,
    expiresAt: now + lifeMs,
    shown: {},
  }
}

const octetsOf = (base64url: string) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
    one.charCodeAt(0),
  )
