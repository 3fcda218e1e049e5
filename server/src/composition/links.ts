/** Which carrier serves whom: the sandbox's numbers never reach the real one. */
import { isSandboxNumber, sandboxCarrier } from '../channels/camara/index.ts'
import type { Config } from '../config/index.ts'
import { assert, type Clock, type Msisdn } from '../kernel/index.ts'
import type { Carrier, Payment } from '../payments/index.ts'
import { createHttpCarrier } from '../rails/carrier/index.ts'

export function openCarrier(config: Config, clock: Clock) {
  const { carrierUrl, carrierToken, carrierListMax: listMax } = config
  assert(carrierUrl !== null && carrierToken !== null, 'CARRIER_URL and CARRIER_TOKEN are set')
  const live = createHttpCarrier({
    ...{ baseUrl: carrierUrl, token: carrierToken, listMax },
    now: clock.now,
  })
  const sandbox = sandboxCarrier(clock)
  const of = (msisdn: Msisdn): Carrier => (isSandboxNumber(msisdn) ? sandbox : live)
  return {
    live,
    forPayment: (payment: Payment) => of(payment.msisdn),
    line: (msisdn: Msisdn) => of(msisdn).line(msisdn),
  }
}
