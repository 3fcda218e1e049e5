/** Bound cards as a source of money for payments: the front door. */
export { type CardFundingTools, createCardFunding } from './card-funding.ts'
export { createKeptPins, forgetKeptPins, type KeptPins, keptPinKey } from './kept-pins.ts'
