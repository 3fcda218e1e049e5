// The day's acts, one's own or the office's: what they became, and their slips.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { pick } from '../names.ts'
import { checkoutZone, shortMomentOf } from '../time.ts'
import { StatusTag } from '../ui/status-tag.tsx'
import { useCounter } from './counter-context.ts'
import { PrintButton } from './print-button.tsx'
import { actStatus } from './statuses.ts'
import { Trouble } from './trouble.tsx'
import { useListing } from './use-listing.ts'
import type { ActView } from './views.ts'
import { VoucherDialog } from './voucher-dialog.tsx'

const everyMs = 15_000

export function ActsScreen() {
  const { t } = useTranslation('counter')
  const { api } = useCounter()
  const [onlyBegun, setOnlyBegun] = useState(false)
  const [voucher, setVoucher] = useState<string | null>(null)
  const path = onlyBegun ? '/acts?begun=yes' : '/acts?begun=no'
  const { items, problem } = useListing<ActView>(api, path, everyMs)
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t('screens.acts')}</h2>
        <label className="tick">
          <input
            type="checkbox"
            checked={onlyBegun}
            onChange={(event) => setOnlyBegun(event.target.checked)}
          />
          {t('acts.onlyBegun')}
        </label>
      </header>
      <Trouble problem={problem} />
      {items === null && !problem && (
        <div className="card skeleton list-skeleton" aria-hidden="true" />
      )}
      {items?.length === 0 && (
        <p className="card empty-page">{t(onlyBegun ? 'acts.noneBegun' : 'acts.none')}</p>
      )}
      {items && items.length > 0 && (
        <table className="card acts">
          <thead>
            <tr>
              <th scope="col">{t('acts.time')}</th>
              <th scope="col">{t('fact.act')}</th>
              <th scope="col">{t('fact.number')}</th>
              <th scope="col" className="right-aligned">
                {t('acts.amount')}
              </th>
              <th scope="col">{t('acts.state')}</th>
              <th scope="col">{t('acts.voucher')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((act) => (
              <ActRow key={act.id} act={act} onVoucher={setVoucher} />
            ))}
          </tbody>
        </table>
      )}
      {voucher && <VoucherDialog number={voucher} onClose={() => setVoucher(null)} />}
    </section>
  )
}

type RowProperties = { act: ActView; onVoucher: (number: string) => void }

function ActRow({ act, onVoucher }: RowProperties) {
  const { t, i18n } = useTranslation('counter')
  const { tickets, session, showTicket } = useCounter()
  const { kind, msisdn, amount, refusal, voucher, person, state } = act
  const isOwn = person === session.person.login
  const time = shortMomentOf(Date.parse(act.beganAt), Date.now(), checkoutZone)
  return (
    <tr>
      <td className="num muted act-time">{time}</td>
      <td className="act-kind">
        <b>{t(`kinds.${kind}`)}</b>
        {!isOwn && <small className="muted">{t('clerk', { login: person })}</small>}
      </td>
      <td className="num act-number">{msisdn}</td>
      <td className="num right-aligned act-amount">{amount === null ? '' : formatFen(amount)}</td>
      <td className="act-state">
        <StatusTag status={actStatus(act)} />
        {refusal && (
          <small className="act-refusal">
            <code>{refusal.code}</code> {pick(refusal.words, i18n.language)}
          </small>
        )}
      </td>
      <td className="act-voucher">
        {voucher && (
          <span className="row">
            <button type="button" className="link-button num" onClick={() => onVoucher(voucher)}>
              {voucher}
            </button>
            <PrintButton number={voucher} />
          </span>
        )}
        {state === 'begun' && isOwn && (
          <button
            type="button"
            className="button button-small"
            onClick={() => showTicket(tickets.adopt(act))}
          >
            {t('acts.goOn')}
          </button>
        )}
      </td>
    </tr>
  )
}
