// At sign-out nothing is left with which this device could show a code.
export function forgetCodes(): void {
  indexedDB.deleteDatabase('telepurse-codes')
}
