// A till waits for this: the PIN, a passkey in its place, or no.
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { Money } from '../../ui/money.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ProofPad } from '../parts/proof-pad.tsx'
import { Sheet } from '../parts/sheet.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useMoneyAct } from '../use-money-act.ts'
import type { Payment } from './contract.ts'

type Properties = { payment: Payment; onAnswered: () => void; onClose: () => void }

export function AskedSheet({ payment, onAnswered, onClose }: Properties) {
  const { t, i18n } = useTranslation('code')
  const words = useTranslation('app').t
  const { id, amount, merchant, source, last4, pinKeptBy } = payment
  // Named by the payment: however often it is sent, it is answered once.
  const yes = useMoneyAct<Payment>(`/payments/${id}/approve`, { named: false })
  const no = useMoneyAct<Payment>(`/payments/${id}/decline`, { named: false })
  const isBusy = [yes, no].some(({ act }) => act.is === 'busy')
  const act = no.act.is === 'idle' ? yes.act : no.act
  const answer = async ({ send }: typeof yes, body: Proof | object) => {
    no.clear()
    if ((await send(body)).is === 'done') onAnswered()
  }
  return (
    <Sheet title={t('asked.title')} locked={isBusy} onClose={onClose}>
      <p className="sheet-to">{t('pay.to', { name: pick(merchant, i18n.language) })}</p>
      <p className="hero">
        <Money fen={amount} />
      </p>
      <dl className="facts">
        <div>
          <dt>{t('pay.source')}</dt>
          <dd>
            {t(`source.${source}`)} {last4}
          </dd>
        </div>
      </dl>
      {act.is === 'refused' && <ProblemNote problem={act.problem} />}
      {act.is === 'lost' && <p className="problem">{words('lost')}</p>}
      <ProofPad
        about={`${t('asked.title')} ${formatFen(amount)}`}
        act={act}
        tries={yes.tries}
        onlyPin={pinKeptBy === 'bank'}
        onProof={(proof) => void answer(yes, proof)}
      />
      <button
        type="button"
        className="button button-large wide sheet-no"
        disabled={isBusy}
        onClick={() => void answer(no, {})}
      >
        {t('asked.no')}
      </button>
    </Sheet>
  )
}
