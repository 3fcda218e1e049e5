/** The codes the bank texts to its customers. They live five minutes and five tries, and in memory only. */
const otpMs = 300_000
const otpTriesMax = 5

export interface Otp {
  readonly pan: string
  readonly mobile: string
  readonly code: string
  readonly expiresAt: number
}

export interface OtpDesk {
  /** A new code; the one before is void. */
  send(to: { readonly pan: string; readonly mobile: string }, now: number): Otp
  /** The last code of a card; for whoever plays its holder. */
  last(pan: string): Otp | undefined
  /** A right code is used up by it. */
  check(pan: string, code: string, now: number): 'right' | 'wrong' | 'expired'
}

export function createOtpDesk(random: () => number): OtpDesk {
  const sent = new Map<string, { readonly otp: Otp; tries: number }>()
  return {
    send({ pan, mobile }, now) {
      const code = Math.floor(random() * 1_000_000)
        .toString()
        .padStart(6, '0')
      const otp = { pan, mobile, code, expiresAt: now + otpMs }
      sent.set(pan, { otp, tries: 0 })
      return otp
    },
    last: (pan) => sent.get(pan)?.otp,
    check(pan, code, now) {
      const one = sent.get(pan)
      if (!one || now >= one.otp.expiresAt || one.tries >= otpTriesMax) return 'expired'
      one.tries += 1
      if (code !== one.otp.code) return 'wrong'
      sent.delete(pan)
      return 'right'
    },
  }
}
