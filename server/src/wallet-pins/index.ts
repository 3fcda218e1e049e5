export {
  type PinChangeRefusal,
  type PinCode,
  type PinFacts,
  type PinRefusal,
  type PinState,
  type PinWeakness,
  pinKey,
  type WalletPins,
} from './pin.ts'
export { pinInvariants, pinsUnder } from './verify.ts'
export { createWalletPins, type WalletPinTools } from './wallet-pins.ts'
