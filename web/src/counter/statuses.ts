// States of acts, cards, numbers and approvals in the one table of tones.
import type { Status } from '../status.ts'
import type { Phase } from './ticket.ts'
import type { ActView, ApprovalState, CardState, CustomerView } from './views.ts'

export const phaseStatus: Record<Phase, Status> = {
  sending: ['work', '办理中', 'In progress'],
  lost: ['unknown', '查询中', 'Finding out'],
  waiting: ['wait', '待主管复核', 'To approve'],
  approved: ['wait', '已同意，待办理', 'Agreed, go on'],
  not_agreed: ['off', '未同意，未办理', 'Not agreed, not done'],
  unknown: ['unknown', '核实中', 'Checking'],
  code: ['wait', '待验证码', 'Awaiting code'],
  done: ['done', '已办结', 'Done'],
  refused: ['bad', '未办理', 'Not done'],
}

export function actStatus({ state, waitsFor }: Pick<ActView, 'state' | 'waitsFor'>): Status {
  if (state !== 'begun') return phaseStatus[state]
  return phaseStatus[waitsFor === 'code' ? 'code' : 'unknown']
}

export const approvalStatus: Record<ApprovalState, Status> = {
  asked: ['wait', '待复核', 'To approve'],
  approved: ['done', '已同意', 'Agreed'],
  declined: ['bad', '未同意', 'Declined'],
  withdrawn: ['off', '已撤回', 'Withdrawn'],
  used: ['done', '已办理', 'Used'],
  expired: ['off', '已过期', 'Expired'],
}

export const cardStatus: Record<CardState, Status> = {
  draft: ['off', '未提交', 'Draft'],
  verifying: ['unknown', '核实中', 'Checking'],
  code_sent: ['wait', '待验证码', 'Awaiting code'],
  active: ['done', '可用', 'Active'],
  needs_rebinding: ['wait', '需重新绑定', 'Bind again'],
  suspended: ['held', '已暂停', 'On hold'],
  unbound: ['off', '已解绑', 'Unbound'],
}

export const lineStatus: Record<CustomerView['status'], Status> = {
  active: ['done', '状态正常', 'In service'],
  suspended: ['held', '已停机', 'Suspended'],
  closed: ['off', '已销号', 'Closed'],
}

export const walletStatus: Record<NonNullable<CustomerView['wallet']>['state'], Status> = {
  open: ['done', '已开户', 'Open'],
  closing: ['work', '销户中', 'Closing'],
  closed: ['off', '已销户', 'Closed'],
}

export function ownerStatus(owner: CustomerView['owner']): Status {
  if (!owner) return ['wait', '未实名', 'No owner yet']
  return owner.level === 'verified'
    ? ['done', '已实名', 'Verified']
    : ['wait', '实名待完善', 'Basic identity']
}

export function pinStatus(pin: CustomerView['pin']): Status {
  if (!pin) return ['off', '未设密码', 'No PIN']
  if (pin.locked) return ['bad', '密码已锁', 'PIN locked']
  return pin.state === 'initial'
    ? ['wait', '初始密码待修改', 'Initial PIN to change']
    : ['done', '密码正常', 'PIN set']
}
