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
