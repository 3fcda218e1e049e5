/**
 * `SMSC_URL`: where the short message centre is and how to bind to it, in one text.
 *
 *     smpp://user:password@host:2775?window=10&rate=50&mode=transceiver&system_type=&address_range=
 *
 * User and password are percent-encoded, as in every URL.
 */
import { z } from 'zod'
import { Secret } from '../kernel/index.ts'
import { urlOf, wholeNumber } from './schemas.ts'

export interface SmscAddress {
  readonly host: string
  readonly port: number
  readonly systemId: string
  readonly password: Secret
  readonly systemType: string
  readonly addressRange: string
  /** One transceiver session, or a transmitter and a receiver. */
  readonly bind: 'transceiver' | 'pair'
  /** Submits sent and not yet answered. */
  readonly window: number
  /** Messages per second; 0 for as fast as the window allows. */
  readonly perSecondMax: number
}

const standardPort = 2775

const options = z.strictObject(
  {
    window: wholeNumber(1, 1_000).prefault('10'),
    rate: wholeNumber(0, 100_000).prefault('0'),
    mode: z.enum(['transceiver', 'pair'], 'must be transceiver or pair').prefault('transceiver'),
    // C-octet strings of SMPP 3.4 §5.2.3 and §5.2.7, without their NUL.
    system_type: z.string().max(12, 'has at most 12 characters').prefault(''),
    address_range: z.string().max(40, 'has at most 40 characters').prefault(''),
  },
  'knows only window, rate, mode, system_type and address_range after the question mark',
)

export const smscUrl = z.string().transform((text, context): SmscAddress => {
  const wrong = (message: string) => {
    context.addIssue(message)
    return z.NEVER
  }
  const url = urlOf(text, 'smpp:')
  if (!url) return wrong('must be smpp://user:password@host:port')
  const systemId = decoded(url.username)
  const password = decoded(url.password)
  if (systemId === undefined || password === undefined)
    return wrong('has a user or password that is not percent-encoded')
  // SMPP 3.4 §5.2.1 and §5.2.2: 16 and 9 octets with the NUL.
  if (systemId === '' || systemId.length > 15) return wrong('needs a user of 1 to 15 characters')
  if (password.length > 8) return wrong('has a password of more than 8 characters')
  const found = options.safeParse(Object.fromEntries(url.searchParams))
  if (!found.success) return wrong(optionProblem(found.error))
  const { window, rate, mode, system_type: systemType, address_range: addressRange } = found.data
  return {
    ...{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || standardPort) },
    ...{ systemId, password: new Secret(password), systemType, addressRange },
    ...{ bind: mode, window, perSecondMax: rate },
  }
})

const optionProblem = ({ issues: [issue] }: z.ZodError): string =>
  [issue?.path.join('.'), issue?.message].filter((part) => part !== '').join(' ')

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
