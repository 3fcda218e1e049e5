// Words of the operator's page of unknown movements, in Chinese.
export const operatorMovementsZh = {
  title: '结果不明的资金',
  lead: '银行有没有办成还不知道，钱先留在原处。大多由银行答复或次日对账文件了结；留下的请与银行核对后两人办理。',
  none: '没有结果不明的资金。',
  look: '核对结果',
  lookAgain: '再查一次',
  kind: {
    top_up: '充值',
    withdrawal: '提现',
    repayment: '还信用卡',
    card_transfer: '转账到银行卡',
  },
  fact: {
    customer: '客户',
    bank: '银行',
    card: '卡尾号',
    payee: '收款人',
    fee: '手续费',
    requested: '申请时间',
    since: '不明起始',
    number: '编号',
    age: '已过',
  },
  atBank: '银行的答复、对账文件或“银行差错”还会给出结果，现在不能由人决定。',
  known: '这一笔已有结果。',
  found: '与银行核对的结果',
  outcome: {
    in: { done: '银行已扣款', not_done: '银行没有扣款' },
    out: { done: '银行已入账到卡', not_done: '银行没有入账' },
  },
  outcomeMissing: '请选择核对的结果。',
  will: {
    in: {
      done: '金额记入客户钱包，并短信告知。',
      not_done: '不入客户钱包，并短信告知。',
    },
    out: {
      done: '这笔记为已到账，并短信告知客户。',
      not_done: '金额连同手续费退回客户钱包，并短信告知。',
    },
  },
  done: {
    in: { done: '已记入客户钱包。', not_done: '已了结，没有入客户钱包。' },
    out: { done: '已记为到账。', not_done: '已退回客户钱包。' },
  },
  submit: '两人确认，办理',
  lost: '没有收到结果，可能已经办了。用新的动态码再试，或返回看看它还在不在：同一笔只会办一次。',
}
