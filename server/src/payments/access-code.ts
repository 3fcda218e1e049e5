/**
 * The numbers customers text to (接入号). A code is at most 20 digits: SMPP `source_addr` is 21 octets
 * with its NUL (SMPP 3.4 §5.2.8), CMPP `Src_Id` 21.
 *
 *   106580088 M4            a merchant
 *   106580088 M4 G3         one product of the merchant (first digit 0-8): any text buys it
 *   106580088 M4 9 S2       confirmation slot S2: the question comes from here, so the reply names it
 *   106580088 0000 / 0001   the platform's menu / confirmations of purchases on a page
 *   106580088 0003          confirmations of purchases by card
 *   10658008                cards: paying with them and asking about them (`channels/sms`)
 */
export const accessPrefix = '106580088'
/** Stands in a merchant's place for purchases made on a page. */
export const webService = '0001'
export const platformService = '0000'
/** Stands in a merchant's place for purchases by card. */
export const cardService = '0003'
export const cardNumber = '10658008'

export type Destination =
  | { readonly kind: 'platform' }
  /** `service` is a merchant's four digits, or `webService`. */
  | { readonly kind: 'service'; readonly service: string; readonly slot: number | null }
  | { readonly kind: 'product'; readonly service: string; readonly product: string }
  | { readonly kind: 'unknown' }

export function destinationOf(to: string): Destination {
  const match = /^106580088(\d{4})(?:9(\d{2})|([0-8]\d{2}))?$/.exec(to)
  const [, service, slot, product] = match ?? []
  if (service === undefined) return { kind: 'unknown' }
  if (service === platformService) return { kind: 'platform' }
  if (product !== undefined) return { kind: 'product', service, product }
  return { kind: 'service', service, slot: slot === undefined ? null : Number(slot) }
}

/** Whose number the texts about a purchase come from: where a PIN is the answer, one of its own, whoever sells. */
export function serviceOf(purchase: {
  readonly channel: string
  readonly card?: object | null
  readonly source?: string
  readonly merchantId: string
}): string {
  if (purchase.card || purchase.source === 'wallet') return cardService
  return purchase.channel === 'sms' ? purchase.merchantId : webService
}

export const serviceNumber = (service: string): string => accessPrefix + service
export const slotNumber = (service: string, slot: number): string =>
  `${accessPrefix}${service}9${String(slot).padStart(2, '0')}`
