/**
 * What the bank keeps of a PIN or a CVN2: enough to compare one, not enough to read it. The key is the
 * bank's own, so that the journal alone gives nothing away.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Revealing } from '@telepurse/iso8583'

export interface Prover {
  prove(use: 'pin' | 'cvn2', account: string, secret: string): string
  holds(proof: string, use: 'pin' | 'cvn2', account: string, secret: string): boolean
}

export function createProver(key: Revealing<Uint8Array>): Prover {
  const prove: Prover['prove'] = (use, account, secret) =>
    createHmac('sha256', key.reveal()).update(`${use}|${account}|${secret}`).digest('hex')
  return {
    prove,
    holds: (proof, use, account, secret) =>
      timingSafeEqual(Buffer.from(proof, 'hex'), Buffer.from(prove(use, account, secret), 'hex')),
  }
}
