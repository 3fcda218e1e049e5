// Top-up vouchers in Chinese.

export const topUpVoucherZh = {
  from: '充值方式',
  card: '银行卡',
  voucher: '充值卡',
  code: '充值卡密码',
  hint: '刮开卡面，输入 16 位数字',
  scan: '扫描卡上的二维码',
  stopScan: '改为手动输入',
  notVoucher: '这不是充值卡的二维码。',
  action: '充值',
  lost: '没有收到结果，可能已经充值。再按一次会查同一次充值，不会重复。',
  done: '充值成功',
  at: '到账时间',
  serial: '卡号',
  another: '再充一张',
}
