/** A refusal is an answer, not an accident: what a camera has read is refused, never thrown about. */
export type Result<Value, Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

export const accept = <Value>(value: Value) => ({ ok: true, value }) as const
export const refuse = <const Refusal>(refusal: Refusal) => ({ ok: false, refusal }) as const
