/** What a setting is: one environment variable, its meaning, and how its text is read. */
import type { z } from 'zod'

export type Group =
  | 'Place'
  | 'HTTP'
  | 'Database'
  | 'Short messages'
  | 'Carrier'
  | 'Banks'
  | 'Billers'
  | 'Secrets'
  | 'Keys'

export interface Setting<Value = unknown> {
  readonly name: string
  readonly group: Group
  /** In words for people, for example `host:port, …`. */
  readonly type: string
  /** Read like a given text; null when there is none, and the value is null too. */
  readonly default: string | null
  /** Sentences for the person who sets it. */
  readonly help: string
  /** All of it is secret (`whole`), only the password of a URL, or nothing. */
  readonly secret: 'no' | 'password' | 'whole'
  readonly schema: z.ZodType<Value, string>
}

/** Null is possible exactly where there is no default. */
type Kept<Value, Default> = Default extends null ? Value | null : Value

type Described<Value, Default> = Omit<Setting<Value>, 'default' | 'secret'> & {
  readonly default: Default
  readonly secret?: Setting['secret']
}

export interface Declared<Value> extends Setting {
  /** Only a type: what `readConfig` gives for this setting. */
  readonly value?: Value
}

export const setting = <Value, const Default extends string | null>(
  described: Described<Value, Default>,
): Declared<Kept<Value, Default>> => ({ secret: 'no', ...described })
