/** Builds with a rule of cards, wallets or banks taken out. They are played on days with banks. */
import type { Bank, BankAnswer, BankRefusal } from '../../server/src/bank-cards/index.ts'
import type { Mutant } from './mutants.ts'
import type { Tampering } from './storm.ts'

const refused: BankRefusal = {
  ...{ code: 'BR-05', reason: 'declined', class: 'F', alarm: false },
}

/** What is not known is taken for a no. */
const silenceIsNo = <Answer extends { readonly outcome: string }>(answer: Answer) =>
  answer.outcome === 'unknown' ? ({ outcome: 'refused', refusal: refused } as const) : answer

/** What is not known is sent once more, under a new name. */
const again =
  <Order extends object, Answer extends { readonly outcome: string }>(
    bank: Bank,
    send: (order: Order) => Promise<Answer>,
  ) =>
  async (order: Order): Promise<Answer> => {
    const answer = await send(order)
    return answer.outcome === 'unknown' ? send({ ...order, exchange: bank.begin() }) : answer
  }

const reversed = async (): Promise<BankAnswer<object>> => ({ outcome: 'done', value: {} })

/** Whatever is read of a table is as it was in the beginning. */
function forgotten(table: string, beginning: object): Tampering {
  return {
    rows: (statement, rows) =>
      statement.startsWith(`${table}.by_`) ? rows.map((row) => ({ ...row, ...beginning })) : rows,
  }
}

export const bankMutants: Readonly<Record<string, Mutant>> = {
  credit_sent_again: {
    does: 'sends a withdrawal again under a new exchange after silence',
    bank: (bank) => ({ ...bank, credit: again(bank, bank.credit) }),
  },
  refund_sent_again: {
    does: 'sends a refund or a void again under a new exchange after silence',
    bank: (bank) => ({
      ...bank,
      refund: again(bank, bank.refund),
      voidPurchase: again(bank, bank.voidPurchase),
    }),
  },
  credit_silence_is_no: {
    does: 'gives a withdrawal back to the wallet when its bank is silent',
    bank: (bank) => ({
      ...bank,
      credit: async (credit) => silenceIsNo(await bank.credit(credit)),
    }),
  },
  purchase_silence_is_no: {
    does: 'takes silence of a bank for a refusal of the purchase',
    bank: (bank) => ({
      ...bank,
      purchase: async (purchase) => silenceIsNo(await bank.purchase(purchase)),
    }),
  },
  reversal_not_sent: {
    does: 'takes a purchase for reversed without asking its bank',
    bank: (bank) => ({ ...bank, reverse: reversed }),
  },
  payee_not_named: {
    does: 'does not tell a bank whose card money is sent to',
    bank: (bank) => ({
      ...bank,
      credit: ({ payee: _payee, ...credit }) => bank.credit(credit),
    }),
  },
  bank_job_lost: {
    does: 'does not write down that a message to a bank is to be followed up after a crash',
    tampering: {
      write: (statement, values) =>
        statement === 'job.arm' && String(values[1]).includes('bank.operation') ? null : values,
    },
  },
  share_paid_again: {
    does: 'does not know that a share of a bill is paid',
    tampering: forgotten('wallet_split_share', { state: 'unpaid', transfer_id: null }),
  },
  packet_opened_again: {
    does: 'does not know who has opened a red packet',
    tampering: forgotten('wallet_packet_part', { wallet_id: null, msisdn: null, opened_at: null }),
  },
  request_paid_again: {
    does: 'does not know that a request for money is over',
    tampering: forgotten('wallet_request', { state: 'open', transfer_id: null, ended_at: null }),
  },
  pin_tries_forgotten: {
    does: 'does not keep how many wrong PINs there were',
    tampering: {
      rows: (statement, rows) =>
        statement === 'wallet_pin.lock' ? rows.map((row) => ({ ...row, wrong: 0 })) : rows,
    },
  },
  file_row_twice: {
    does: 'takes each row of a bank’s file twice',
    bank: (bank) => ({
      ...bank,
      files: {
        read: (date, onRow) =>
          bank.files.read(date, async (row) => {
            await onRow(row)
            await onRow(row)
          }),
      },
    }),
  },
}
