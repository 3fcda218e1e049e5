// What the counter knows of the customer, masked, and the acts that make sense now.
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { checkoutZone, dateOf, dateTimeOf } from '../time.ts'
import { Money } from '../ui/money.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { BoundCards } from './bound-cards.tsx'
import { useCounter } from './counter-context.ts'
import { CustomerBar } from './customer-bar.tsx'
import { FindCustomer } from './find-customer.tsx'
import { Key } from './key.tsx'
import { needsCustomer, screensFor } from './screens.ts'
import { sensibleFor } from './sensible-act.ts'
import { pinStatus, walletStatus } from './statuses.ts'
import type { CustomerView } from './views.ts'

export function CustomerScreen({ onLeave }: { onLeave: () => void }) {
  const { atDesk } = useCounter()
  if (atDesk.busy) return <Loading />
  if (!atDesk.view) return <FindCustomer />
  return (
    <>
      <CustomerBar onLeave={onLeave} />
      <Overview view={atDesk.view} />
    </>
  )
}

function Loading() {
  const { t } = useTranslation('counter')
  return (
    <div>
      <p className="visually-hidden" role="status">
        {t('loading')}
      </p>
      <div className="card skeleton customer-skeleton" aria-hidden="true" />
      <div className="card skeleton overview-skeleton" aria-hidden="true" />
    </div>
  )
}

function Overview({ view }: { view: CustomerView }) {
  const { t } = useTranslation('counter')
  const { owner, pin, wallet, cards, coolOffUntil } = view
  return (
    <div className="overview">
      <section className="card purse">
        <h2>{t('customer.wallet')}</h2>
        {wallet ? (
          <>
            <p className="balance">
              <Money fen={wallet.balance} />
            </p>
            <StatusTag status={walletStatus[wallet.state]} />
          </>
        ) : (
          <p className="empty">{t('customer.noWallet')}</p>
        )}
        {coolOffUntil && (
          <p className="fine">
            {t('customer.coolOff', { time: dateTimeOf(Date.parse(coolOffUntil), checkoutZone) })}
          </p>
        )}
      </section>
      <section className="card facts">
        <h2>{t('customer.owner')}</h2>
        <dl>
          {owner && (
            <>
              <div>
                <dt>{t('customer.name')}</dt>
                <dd>{owner.maskedName}</dd>
              </div>
              <div>
                <dt>{t('customer.document')}</dt>
                <dd className="num">{owner.maskedNumber}</dd>
              </div>
              <div>
                <dt>{t('customer.since')}</dt>
                <dd className="num">{dateOf(Date.parse(owner.since), checkoutZone)}</dd>
              </div>
            </>
          )}
          {!owner && (
            <div>
              <dd className="empty">{t('customer.noOwner')}</dd>
            </div>
          )}
          <div>
            <dt>{t('customer.pin')}</dt>
            <dd className="row">
              <StatusTag status={pinStatus(pin)} />
              {pin && !pin.locked && pin.triesLeft < 5 && (
                <span className="muted">{t('customer.tries', { n: pin.triesLeft })}</span>
              )}
            </dd>
          </div>
        </dl>
      </section>
      <section className="card bound">
        <h2>{t('customer.cards')}</h2>
        <BoundCards cards={cards} />
      </section>
      <NextActs view={view} />
    </div>
  )
}

function NextActs({ view }: { view: CustomerView }) {
  const { t } = useTranslation('counter')
  const { session, show } = useCounter()
  const sensible = sensibleFor(view)
  const possible = screensFor(session.person.roles).filter(({ name }) =>
    needsCustomer.includes(name),
  )
  if (possible.length === 0) return null
  return (
    <section className="card next">
      <h2>{t('customer.acts')}</h2>
      <ul>
        {possible.map(({ name, digit }) => (
          <li key={name}>
            <button
              type="button"
              className={name === sensible ? 'button button-primary' : 'button'}
              aria-keyshortcuts={`Alt+${digit}`}
              onClick={() => show(name)}
            >
              {t(`screens.${name}`)}
              <Key>{`Alt ${digit}`}</Key>
            </button>
          </li>
        ))}
      </ul>
      {view.wallet && (
        <p className="fine">
          {t('customer.cashLimit', { amount: formatFen(session.cashApprovalAbove) })}
        </p>
      )}
    </section>
  )
}
