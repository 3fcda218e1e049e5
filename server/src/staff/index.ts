export {
  type Act,
  type ActKind,
  type ActRefusal,
  type ActWait,
  actKinds,
  movesCash,
} from './act.ts'
export type { Acts, Begun, Ending, NewAct } from './acts.ts'
export { type Approval, type DecisionRefusal, isExpired } from './approval.ts'
export { createStaff, type Staff, type StaffTools } from './create-staff.ts'
export type { Logbook } from './logbook.ts'
export type { Handover, NewPersonRefusal, People, PersonRefusal } from './people.ts'
export {
  authorOf,
  hallRoles,
  type KeptPerson,
  operatorRoles,
  type Person,
  type Role,
  type RolesRefusal,
  roles,
} from './person.ts'
export { codeAt } from './second-factor.ts'
export { idleMs, type Session, type SignIn } from './sign-in.ts'
export { type Counts, type Till, type TillRefusal, totalOf } from './till.ts'
export type { TillView } from './tills.ts'
export { staffInvariants, tillLedgerInvariants } from './verify.ts'
export {
  type Bilingual,
  isVoucherNumber,
  type Voucher,
  type VoucherContent,
} from './voucher.ts'
