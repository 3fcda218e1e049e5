/** What a merchant's code says (EMV QRCPS-MPM 1.1). Everything is a text as it stands there, amounts as well. */

/** A data object: two digits, and up to 99 characters. */
export interface DataObject {
  readonly id: string
  readonly value: string
}

/**
 * A data object made of others, in their order. That with the id 00 says, for all the world, whose it is:
 * an AID, a reversed domain name or a UUID.
 */
export interface Template {
  readonly id: string
  readonly objects: readonly DataObject[]
}

/** 02-25: a number that one scheme knows. */
export type SchemeAccount = DataObject

export type Tip =
  /** The payer is asked. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'fixed'; readonly fee: string }
  /** 0.01 to 99.99. */
  | { readonly kind: 'percentage'; readonly percentage: string }

/** In any of them `***` asks the payer for the value. */
export interface AdditionalData {
  readonly billNumber?: string
  readonly mobileNumber?: string
  readonly storeLabel?: string
  readonly loyaltyNumber?: string
  readonly referenceLabel?: string
  readonly customerLabel?: string
  readonly terminalLabel?: string
  readonly purpose?: string
  /** What the payer's app sends along: A address, M mobile number, E e-mail. */
  readonly dataRequest?: string
  readonly merchantTaxId?: string
  /** Three characters: medium, place, presence. */
  readonly merchantChannel?: string
  /** Of no meaning yet. */
  readonly reserved?: readonly DataObject[]
  /** 50-99: of payment systems. */
  readonly templates?: readonly Template[]
  readonly order?: readonly string[]
}

/** The merchant's name in another language, with any characters of Unicode. */
export interface LocalName {
  /** Two letters of ISO 639. */
  readonly language: string
  readonly name: string
  readonly city?: string
  readonly reserved?: readonly DataObject[]
  readonly order?: readonly string[]
}

export interface MerchantCode {
  /** `static` (11) is shown for more than one payment, `dynamic` (12) for one. */
  readonly initiation?: 'static' | 'dynamic'
  /** 02-51, one at least; 26-51 are templates. */
  readonly accounts: readonly (SchemeAccount | Template)[]
  /** ISO 18245, four digits. */
  readonly categoryCode: string
  /** ISO 4217, three digits. */
  readonly currency: string
  /** In major units; without one the payer is asked. `readAmount` gives minor units. */
  readonly amount?: string
  readonly tip?: Tip
  /** ISO 3166-1, two letters. */
  readonly country: string
  readonly name: string
  readonly city: string
  readonly postalCode?: string
  readonly additional?: AdditionalData
  readonly localName?: LocalName
  /** 65-79: of no meaning yet. */
  readonly reserved?: readonly DataObject[]
  /** 80-99: of whoever their id 00 names. */
  readonly templates?: readonly Template[]
  /** The ids in the order they were read in, where that is not ascending; made codes keep it. */
  readonly order?: readonly string[]
}

/** The value with that id, as in `objectIn(template.objects, '00')`. */
export const objectIn = (objects: readonly DataObject[], id: string): string | undefined =>
  objects.find((it) => it.id === id)?.value
