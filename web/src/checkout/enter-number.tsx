// Step one: the number. The whole price stands before the button; the button is off from the first press.
import { Check } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { digitsOf, isMobile, spacedMsisdn } from '../msisdn.ts'
import { randomKey } from '../random-key.ts'
import { Icon } from '../ui/icon.tsx'
import { createAttemptKeys } from './attempt-key.ts'
import { type Checkout, type Source, sourcesOf } from './checkout.ts'
import { FeeBox } from './fee-box.tsx'
import { LimitsNote } from './limits-note.tsx'
import { SourceChoice } from './source-choice.tsx'
import { useAction } from './use-action.ts'

export function EnterNumber({ checkout }: { checkout: Checkout }) {
  const { t } = useTranslation('checkout')
  const id = useId()
  const { busy, problem, post } = useAction(checkout.id)
  const [typed, setTyped] = useState('')
  const [solution, setSolution] = useState('')
  const [complaint, setComplaint] = useState('')
  const [sent, setSent] = useState(false)
  const [keyOf] = useState(() => createAttemptKeys(randomKey))
  const numberField = useRef<HTMLInputElement>(null)
  const captchaField = useRef<HTMLInputElement>(null)
  const [wish, setWish] = useState<Source>('phone_bill')
  const { captcha, amount } = checkout
  const sources = sourcesOf(checkout)
  // The operator may stop offering what was chosen while the page is open.
  const source = sources.includes(wish) ? wish : (sources[0] ?? 'phone_bill')
  const digits = digitsOf(typed)
  const good = isMobile(typed)
  useEffect(() => {
    if (complaint === '') return
    if (good) captchaField.current?.focus()
    else numberField.current?.focus()
  }, [complaint, good])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || sent) return
    if (!good) return setComplaint(t('enter.wrong'))
    if (captcha && solution.trim() === '') return setComplaint(t('enter.captchaEmpty'))
    setComplaint('')
    const body = {
      msisdn: digits,
      ...(source !== 'phone_bill' && { source }),
      ...(captcha && { captcha: solution.trim() }),
    }
    // The page changes when the server says so; until then the button stays off.
    setSent(await post('number', body, { 'idempotency-key': keyOf(JSON.stringify(body)) }))
  }
  const off = busy || sent
  return (
    <form onSubmit={submit} noValidate>
      <h1 tabIndex={-1}>{t(`enter.${source}.title`, { amount: formatFen(amount) })}</h1>
      <p className="lead">{t(`enter.${source}.lead`)}</p>
      <SourceChoice sources={sources} chosen={source} disabled={off} onChoose={setWish} />
      <label className="label" htmlFor={`${id}-number`}>
        {t('enter.number')}
      </label>
      <div className="field">
        <span>+86</span>
        <input
          id={`${id}-number`}
          ref={numberField}
          type="tel"
          inputMode="numeric"
          autoComplete="tel-national"
          aria-describedby={`${id}-help ${id}-complaint`}
          aria-invalid={complaint !== '' && !good}
          value={spacedMsisdn(digits)}
          onChange={(event) => setTyped(event.target.value)}
        />
        {good && (
          <span className="good">
            <Icon of={Check} size={18} />
          </span>
        )}
      </div>
      <p className="help" id={`${id}-help`}>
        <LimitsNote checkout={checkout} source={source} />
      </p>
      {captcha && (
        <>
          <label className="label" htmlFor={`${id}-captcha`}>
            {t('enter.captcha', { question: captcha.question })}
          </label>
          <div className="field">
            <input
              id={`${id}-captcha`}
              ref={captchaField}
              autoComplete="off"
              aria-describedby={`${id}-complaint`}
              value={solution}
              onChange={(event) => setSolution(event.target.value)}
            />
          </div>
        </>
      )}
      <FeeBox amount={amount} source={source} />
      <p className="complaint" id={`${id}-complaint`} role="alert">
        {complaint || problem}
      </p>
      <button
        type="submit"
        className="button button-large button-primary whole"
        disabled={off}
        aria-busy={off}
      >
        {t(off ? 'enter.submitting' : 'enter.submit')}
      </button>
      {checkout.appUrl !== undefined && (
        <a
          className="button button-large whole to-app"
          href={checkout.appUrl}
          target="_blank"
          rel="noopener"
        >
          {t('enter.app')}
        </a>
      )}
    </form>
  )
}
