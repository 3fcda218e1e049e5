// The form of one act: its steps on the left, the slip and the button on the right. Enter goes to what is
// still missing, and where nothing is, to the question; Control and Enter do so from anywhere.
import {
  createContext,
  type FormEvent,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import type { Fen } from '../fen.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import type { Fact } from '../ui/fact-list.tsx'
import { Money } from '../ui/money.tsx'
import { useCounter } from './counter-context.ts'
import { RefusalWords } from './refusal-words.tsx'
import { SubmitBox } from './submit-box.tsx'
import type { NewTicket } from './use-tickets.ts'
import type { ActKind } from './views.ts'
import { VoucherPreview } from './voucher-preview.tsx'

/** What keeps the form from being sent, in the order of the page. */
export type Gap = { id: string; missing: boolean }

export type Question = { text: string; amount?: Fen; danger?: boolean }

type Properties = {
  kind: ActKind
  facts: Fact[]
  note?: string
  message?: string
  gaps: Gap[]
  /** Asked before money moves or something is taken away. */
  question?: Question
  warning?: string
  /** Reads the PIN, which is forgotten with it. */
  ask: () => Omit<NewTicket, 'kind' | 'number' | 'facts'>
  children: ReactNode
}

const Tried = createContext(false)
/** Nothing is complained of before the first try. */
export const useTried = () => useContext(Tried)

export function ActFrame(properties: Properties) {
  const { kind, facts, note, message, gaps, question, warning, ask, children } = properties
  const { t } = useTranslation('counter')
  const { tickets, atDesk, showTicket } = useCounter()
  const [tried, setTried] = useState(false)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  // Whoever opens the form types at once where something is missing.
  const [begin] = useState(() => gaps.find(({ missing }) => missing)?.id ?? '')
  useEffect(() => document.getElementById(begin)?.focus({ preventScroll: true }), [begin])

  const send = async () => {
    setBusy(true)
    setProblem(null)
    const number = atDesk.view?.msisdn ?? ''
    const begun = await tickets.begin({ kind, number, facts, ...ask() })
    setBusy(false)
    if (begun.problem) setProblem(begun.problem)
    else showTicket(begun.key)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy || asking) return
    setTried(true)
    const first = gaps.find(({ missing }) => missing)
    if (first) return document.getElementById(first.id)?.focus()
    if (question) setAsking(true)
    else void send()
  }
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // Also where nothing has the focus, as after the pen.
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !event.ctrlKey || event.repeat) return
      if (document.querySelector('dialog[open]')) return
      event.preventDefault()
      form.current?.requestSubmit()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return (
    <form className="act" ref={form} onSubmit={submit} noValidate aria-busy={busy}>
      <div className="left">
        <Tried value={tried}>{children}</Tried>
      </div>
      <aside className="right">
        <VoucherPreview kind={kind} facts={facts} {...(note ? { note } : {})} />
        {message && (
          <section className="card message">
            <h2>{t('preview.message')}</h2>
            <blockquote>{message}</blockquote>
            <p className="fine">{t('preview.messageNote')}</p>
          </section>
        )}
        <SubmitBox
          label={t(`submit.${kind}`)}
          busy={busy}
          problem={problem}
          missing={tried ? gaps.filter(({ missing }) => missing).length : 0}
          {...(warning ? { warning } : {})}
        />
        <RefusalWords kind={kind} />
      </aside>
      {asking && question && (
        <ConfirmDialog
          title={t(`confirm.${kind}`)}
          text={question.text}
          action={t(`submit.${kind}`)}
          danger={question.danger ?? false}
          focusAction={!question.danger}
          onConfirm={() => void send()}
          onClose={() => setAsking(false)}
        >
          {question.amount && (
            <p className="dialog-amount">
              <Money fen={question.amount} />
            </p>
          )}
        </ConfirmDialog>
      )}
    </form>
  )
}
