// The bill of a credit card: what is owed and until when, repaid from the balance or a debit card, or by itself.
import { useTranslation } from 'react-i18next'
import { formatFen, isZeroFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { Money } from '../../ui/money.tsx'
import type { Card, CardBill } from '../contract.ts'
import { AskBank } from '../parts/ask-bank.tsx'
import { AutoRepayment } from '../parts/auto-repayment.tsx'
import { EnterBill } from '../parts/enter-bill.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { RepayForm } from '../parts/repay-form.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useCardBill, useCards } from '../queries.ts'

export function BillScreen({ cardId }: { cardId: string }) {
  const { t, i18n } = useTranslation('app')
  const cards = useCards()
  const query = useCardBill(cardId)
  const card = cards.data?.items.find(({ id }) => id === cardId)
  const name = card ? `${pick(card.bank, i18n.language)} ${card.last4}` : ''
  return (
    <>
      <ScreenHead title={name || t('bill.title')} />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {query.data === undefined && !query.isError && <Skeleton rows={5} />}
      {query.data && card && (
        <Known
          card={card}
          name={name}
          known={query.data}
          debits={cards.data?.items.filter(isPayer) ?? []}
        />
      )}
    </>
  )
}

const isPayer = ({ kind, state }: Card) => kind === 'debit' && state === 'active'

type KnownProperties = { card: Card; name: string; known: CardBill; debits: readonly Card[] }

function Known({ card, name, known, debits }: KnownProperties) {
  const { t } = useTranslation('app')
  const { bill, auto } = known
  return (
    <>
      {bill ? (
        <BillCard bill={bill} />
      ) : (
        <>
          <p className="card empty">{t('bill.none')}</p>
          <AskBank cardId={card.id} name={name} />
        </>
      )}
      {bill && !isZeroFen(bill.left) && (
        <RepayForm cardId={card.id} name={name} bill={bill} debits={debits} />
      )}
      {bill && isZeroFen(bill.left) && <p className="note">{t('bill.settled')}</p>}
      {bill?.source !== 'bank' && <EnterBill key={bill?.billedOn} cardId={card.id} />}
      <AutoRepayment cardId={card.id} name={name} auto={auto} />
    </>
  )
}

function BillCard({ bill }: { bill: NonNullable<CardBill['bill']> }) {
  const { t } = useTranslation('app')
  const facts = [
    ['amount', bill.amount],
    ['minimum', bill.minimum],
    ['paid', bill.paid],
    ['onTheWay', bill.onTheWay],
  ] as const
  return (
    <section className="card panel" aria-label={t('bill.title')}>
      <p className="muted">{t('bill.left')}</p>
      <p className="hero">
        <Money fen={bill.left} />
      </p>
      <p>{t('bill.due', { day: bill.dueOn })}</p>
      <dl className="facts">
        {facts.map(([word, fen]) => (
          <div key={word}>
            <dt>{t(`bill.${word}`)}</dt>
            <dd className="num">{formatFen(fen)}</dd>
          </div>
        ))}
      </dl>
      <p className="fine muted">{t(`bill.by.${bill.source}`)}</p>
    </section>
  )
}
