/** The words of the text desk for cards, in zh and en: one message each with usual names. */
import { format } from '../../../kernel/index.ts'
import type { Language } from '../../../payments/index.ts'
import type { CardNotice } from './notices.ts'

export const cardTextOf = (notice: CardNotice, language: Language): string =>
  language === 'zh' ? zh(notice) : en(notice)

/** `9月25日` of `2026-09-25`. */
const zhDay = (date: string) => `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日`
const yuan = (fen: string) => format(BigInt(fen))

function zh(n: CardNotice): string {
  switch (n.id) {
    case 'card_help':
      return '银行卡支付：购买发“商户号 商品代码”；余额YE；充值CZ100；提现TX100；账单ZD；还款HK；查卡KA；改密GM旧密码 新密码'
    case 'card_none':
      return '您还没有绑定银行卡。请持本人身份证和银行卡到营业厅办理。'
    case 'card_pin_how':
      return '修改支付密码：发GM旧密码 新密码到10658008，如GM123890 507214。密码为6位数字。'
    case 'card_pin_changed':
      return '支付密码已修改。非本人操作请立即致电客服停用。'
    case 'card_nothing_asked':
      return '没有等待密码的业务，未扣款。请勿把密码告诉他人。'
    case 'card_cancelled':
      return '已取消，未扣款。'
    case 'card_question_over':
      return '确认已超时，未扣款。如需办理请重新发送。'
    case 'card_which':
      return `请注明用哪张卡，在后面加K和尾号：${listed(n.cards, 'zh')}`
    case 'card_list':
      return `已绑定：${listed(n.cards, 'zh')}。首选换卡发KA和尾号。`
    case 'card_bound':
      return `${n.bank.zh}卡尾号${n.last4}已绑定，可用支付密码付款、充值和提现。非本人操作请立即致电客服。`
    case 'card_unbound':
      return `${n.bank.zh}卡尾号${n.last4}已解绑，不能再用于付款。`
    case 'card_preferred':
      return `付款首选已改为${n.bank.zh}卡尾号${n.last4}。`
    case 'card_rebind':
      return `${n.bank.zh}卡尾号${n.last4}信息已变更，请持证件和银行卡到营业厅重新绑定。未扣款。`
    case 'card_suspended':
      return `${n.bank.zh}卡尾号${n.last4}暂不可用，请联系发卡行。未扣款。`
    case 'card_bill':
      return `${n.bank.zh}信用卡尾号${n.last4}账单${n.reminder === 'ready' ? '已出' : '待还'}${yuan(n.amount)}元，最低${yuan(n.minimum)}元，${n.reminder === 'today' ? '今天' : zhDay(n.dueOn)}到期。`
    case 'card_bill_is':
      return `${n.bank.zh}信用卡尾号${n.last4}账单${yuan(n.amount)}元，最低${yuan(n.minimum)}元，待还${yuan(n.left)}元，${zhDay(n.dueOn)}到期。还款发HK。`
    case 'card_no_bill':
      return `${n.bank.zh}信用卡尾号${n.last4}暂无账单，发ZD查询，或在应用中录入。`
    case 'card_bill_paid':
      return `${n.bank.zh}信用卡尾号${n.last4}本期账单已还清或还款处理中，未扣款。`
    case 'card_auto_ahead':
      return `${n.bank.zh}信用卡尾号${n.last4}${zhDay(n.dueOn)}自动还款${yuan(n.amount)}元（${n.part === 'full' ? '全额' : '最低'}），请留足余额和手续费。`
    case 'card_auto_failed':
      return `${n.bank.zh}信用卡尾号${n.last4}自动还款失败：${n.zh}。${n.isLast ? `请于${zhDay(n.dueOn)}前手动还款` : '15点再试一次'}。`
    case 'card_ask_bill':
      return `查询${n.bank.zh}信用卡尾号${n.last4}账单，请回6位支付密码，${n.minutes}分钟内有效，回N取消。`
    case 'card_ask_repayment':
      return `还${n.bank.zh}信用卡尾号${n.last4}${yuan(n.amount)}元，手续费${yuan(n.fee)}元，从余额支付。请回6位支付密码，${n.minutes}分钟内有效，回N取消。`
    case 'card_ask_balance':
      return `查询${n.bank.zh}卡尾号${n.last4}余额，请回6位支付密码，${n.minutes}分钟内有效，回N取消。`
    case 'card_ask_top_up':
      return `从${n.bank.zh}卡尾号${n.last4}充值${yuan(n.amount)}元到钱包，请回6位支付密码，${n.minutes}分钟内有效，回N取消。`
    case 'card_ask_withdrawal':
      return `提现${yuan(n.amount)}元到${n.bank.zh}卡尾号${n.last4}，手续费${yuan(n.fee)}元，${n.sameDay ? '2小时内' : '次日'}到账。请回6位支付密码，${n.minutes}分钟内有效，回N取消。`
    case 'card_balance':
      return `${n.wallet === null ? '' : `钱包可用${yuan(n.wallet)}元；`}${n.bank.zh}卡尾号${n.last4}${n.card === null ? '余额暂时查不到，请稍后再试' : `可用${yuan(n.card)}元`}。`
    case 'card_reply_there':
      return `有${n.count}笔购买待确认，请直接回复对应的短信。未扣款。`
    case 'card_paid_already':
      return `该订单已支付，单号${n.orderNo}，未重复扣款。`
    case 'card_refused':
      return `未办理：${n.zh}。未扣款。`
    case 'card_pin_wrong':
      return `支付密码不正确，还可试${n.triesLeft}次。未扣款。`
    case 'card_pin_none':
      return '您还没有支付密码，请到营业厅办理。'
    case 'card_pin_must_change':
      return '初始密码不能付款，请先改密：发GM初始密码 新密码到10658008。未扣款。'
    case 'card_pin_initial_expired':
      return '初始密码已过期，请到营业厅或致电客服重置。未扣款。'
    case 'card_pin_locked':
      return '支付密码错误次数过多，已锁定。请持证件到营业厅或致电客服重置。未扣款。'
    case 'card_pin_weak':
      return '新密码太简单，未修改。请勿用连号、同号、生日、手机号或证件号。'
    case 'card_pin_unchanged':
      return '新密码与旧密码相同，未修改。'
  }
}

function en(n: CardNotice): string {
  switch (n.id) {
    case 'card_help':
      return 'Cards: buy with "merchant goods", e.g. 6021 100; YE balance; CZ100 top up; TX100 withdraw; ZD bill; HK repay it; KA cards; GM old new changes the PIN'
    case 'card_none':
      return 'You have no bound card. Bring your ID and your bank card to a counter of ours.'
    case 'card_pin_how':
      return 'To change your payment PIN, text GM old new to 10658008, e.g. GM123890 507214. Six digits each.'
    case 'card_pin_changed':
      return 'Your payment PIN is changed. Not you? Call us at once.'
    case 'card_nothing_asked':
      return 'Nothing waits for a PIN; nothing was taken. Tell nobody your PIN.'
    case 'card_cancelled':
      return 'Cancelled. Nothing was taken.'
    case 'card_question_over':
      return 'Too late; nothing was taken. Please send it again.'
    case 'card_which':
      return `Which card? Add K and its last digits: ${listed(n.cards, 'en')}`
    case 'card_list':
      return `Bound: ${listed(n.cards, 'en')}. KA and the digits choose the first one.`
    case 'card_bound':
      return `${n.bank.en} card ${n.last4} is bound: pay, top up and withdraw with your PIN. Not you? Call us at once.`
    case 'card_unbound':
      return `${n.bank.en} card ${n.last4} is unbound and pays for nothing any more.`
    case 'card_preferred':
      return `${n.bank.en} card ${n.last4} pays first from now on.`
    case 'card_rebind':
      return `${n.bank.en} card ${n.last4} has changed at the bank. Bring it with your ID to a counter to bind it again. Nothing was taken.`
    case 'card_suspended':
      return `${n.bank.en} card ${n.last4} cannot be used now; call your bank. Nothing was taken.`
    case 'card_bill':
      return `${n.bank.en} credit card ${n.last4}: CNY ${yuan(n.amount)} ${n.reminder === 'ready' ? 'billed' : 'to pay'}, at least ${yuan(n.minimum)}, due ${n.reminder === 'today' ? 'today' : n.dueOn}.`
    case 'card_bill_is':
      return `${n.bank.en} credit card ${n.last4}: bill CNY ${yuan(n.amount)}, at least ${yuan(n.minimum)}, ${yuan(n.left)} left, due ${n.dueOn}. HK repays it.`
    case 'card_no_bill':
      return `No bill of ${n.bank.en} credit card ${n.last4} is known. Text ZD to ask, or enter it in the app.`
    case 'card_bill_paid':
      return `This bill of ${n.bank.en} credit card ${n.last4} is paid, or its repayment is in progress. Nothing was taken.`
    case 'card_auto_ahead':
      return `${n.bank.en} credit card ${n.last4} will be repaid on ${n.dueOn}: CNY ${yuan(n.amount)} (${n.part === 'full' ? 'in full' : 'the minimum'}), with a fee. Keep it in your wallet.`
    case 'card_auto_failed':
      return `${n.bank.en} credit card ${n.last4}: auto-repay failed: ${n.en}. ${n.isLast ? `Pay by hand before ${n.dueOn}` : 'Tried again at 15:00'}.`
    case 'card_ask_bill':
      return `Bill of ${n.bank.en} credit card ${n.last4}: reply your 6-digit PIN within ${n.minutes} min, N to cancel.`
    case 'card_ask_repayment':
      return `Repay CNY ${yuan(n.amount)} to ${n.bank.en} credit card ${n.last4} from your wallet, fee ${yuan(n.fee)}: reply your 6-digit PIN within ${n.minutes} min, N to cancel.`
    case 'card_ask_balance':
      return `Balance of ${n.bank.en} card ${n.last4}: reply your 6-digit PIN within ${n.minutes} min, N to cancel.`
    case 'card_ask_top_up':
      return `Top up CNY ${yuan(n.amount)} from ${n.bank.en} card ${n.last4}: reply your 6-digit PIN within ${n.minutes} min, N to cancel.`
    case 'card_ask_withdrawal':
      return `Withdraw CNY ${yuan(n.amount)} to ${n.bank.en} card ${n.last4}, fee ${yuan(n.fee)}, ${n.sameDay ? 'within 2 h' : 'next day'}: reply your 6-digit PIN within ${n.minutes} min, N to cancel.`
    case 'card_balance':
      return `${n.wallet === null ? '' : `Wallet CNY ${yuan(n.wallet)}; `}${n.bank.en} card ${n.last4}: ${n.card === null ? 'the bank does not say now, try later' : `CNY ${yuan(n.card)} available`}.`
    case 'card_reply_there':
      return `${n.count} purchases wait for your PIN: please answer the message you mean. Nothing was taken.`
    case 'card_paid_already':
      return `This order is already paid, no. ${n.orderNo}. Nothing was taken twice.`
    case 'card_refused':
      return `Not done: ${n.en}. Nothing was taken.`
    case 'card_pin_wrong':
      return `Wrong payment PIN, ${n.triesLeft} tries left. Nothing was taken.`
    case 'card_pin_none':
      return 'You have no payment PIN. Please visit a counter.'
    case 'card_pin_must_change':
      return 'The initial PIN cannot pay. Change it first: text GM initial new to 10658008. Nothing was taken.'
    case 'card_pin_initial_expired':
      return 'The initial PIN has expired. Have it reset at a counter or by our service desk. Nothing was taken.'
    case 'card_pin_locked':
      return 'Too many wrong PINs: locked. Have it reset at a counter with your ID, or by our service desk. Nothing was taken.'
    case 'card_pin_weak':
      return 'The new PIN is too simple; not changed. Use no runs, no birthday, no digits of your numbers.'
    case 'card_pin_unchanged':
      return 'The new PIN is the old one; not changed.'
  }
}

const listed = (
  cards: Extract<CardNotice, { id: 'card_list' }>['cards'],
  language: Language,
): string =>
  cards
    .map(
      ({ bank, last4, usable }) => `${bank[language]}${last4}${usable ? '' : unusable[language]}`,
    )
    .join(language === 'zh' ? '、' : ', ')

const unusable = { zh: '(暂不可用)', en: ' (not usable)' } as const
