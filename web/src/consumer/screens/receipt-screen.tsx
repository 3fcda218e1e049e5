// One line of the statement, whole.
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import type { Line, LineKind } from '../contract.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts, Ticket } from '../parts/ticket.tsx'
import { useReceipt } from '../queries.ts'

export function ReceiptScreen({ id }: { id: string }) {
  const { t, i18n } = useTranslation('app')
  const receipt = useReceipt(id)
  const line = receipt.data
  return (
    <>
      <ScreenHead title={t('receipt.title')} back="/statement" />
      {receipt.isError && (
        <ProblemNote problem={problemIn(receipt.error)} onAgain={() => void receipt.refetch()} />
      )}
      {line === undefined && !receipt.isError && <Skeleton rows={5} />}
      {line && (
        <Ticket
          tone="done"
          state={t(BigInt(line.amount) > 0n ? 'receipt.in' : 'receipt.out')}
          amount={line.amount}
          about={pick(line.title, i18n.language)}
        >
          <Facts
            facts={[
              [
                t('receipt.counterparty'),
                line.counterparty && pick(line.counterparty, i18n.language),
              ],
              [t('receipt.time'), dateTimeOf(Date.parse(line.at), checkoutZone)],
              [t('receipt.day'), line.date],
              [t('receipt.balance'), formatFen(line.balance)],
              [t('receipt.memo'), line.memo],
              [t('receipt.number'), line.orderNo ?? line.id],
            ]}
          />
        </Ticket>
      )}
      {line && splitOf(line, i18n.language) && (
        <p className="below">
          <Link className="button button-large wide" to={splitOf(line, i18n.language) ?? '/'}>
            {t('receipt.split')}
          </Link>
        </p>
      )}
      {line && placeOf(line) && (
        <p className="below">
          <Link className="button button-large wide" to={placeOf(line) ?? '/'}>
            {t('receipt.more')}
          </Link>
        </p>
      )}
    </>
  )
}

/** A payment of one's own can be divided among those it was for. */
function splitOf(line: Line, language: string): string | undefined {
  if (line.kind !== 'payment' || BigInt(line.amount) >= 0n) return undefined
  const title = pick(line.counterparty ?? line.title, language)
  return `/people/splits/new?${new URLSearchParams({ payment: line.subject, title })}`
}

const movements: ReadonlySet<LineKind> = new Set([
  'top_up',
  'withdrawal',
  'repayment',
  'card_transfer',
])

/** Where one sees how far it is: of what others, or a bank, still have a say in. */
function placeOf({ kind, subject }: Line): string | undefined {
  if (kind === 'transfer' || kind === 'face_to_face') return `/transfers/${subject}`
  if (kind === 'bill') return `/bills/${subject}`
  return kind !== null && movements.has(kind) ? `/movements/${subject}` : undefined
}
