/**
 * Numbers on this simulated network. Handsets are Chinese mobile numbers, on the wire `8613800138000`
 * with TON 1 and NPI 1; services have a code such as `1065800886021`, which means something in this
 * network only and is therefore sent with TON 3 (network specific) and NPI 0 (SMPP 3.4 §5.2.5). What
 * arrives is read by its digits, whatever TON and NPI it bears: senders differ in these.
 */

/** A handset as it is keyed here: `8613800138000`. */
export type Handset = string

/** Reads 13800138000, 8613800138000, 008613800138000 or +8613800138000; undefined for anything else. */
export function parseHandset(text: string): Handset | undefined {
  const match = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/.exec(text)
  return match ? `86${match[1]}` : undefined
}

/** 3 to 20 digits. */
export const isServiceCode = (text: string): boolean => /^\d{3,20}$/.test(text)

/** Whom a handset sees as the sender: `+86…` for a person, the bare code for a service. */
export const peerName = (number: string): string => {
  const handset = parseHandset(number)
  return handset ? `+${handset}` : number
}
