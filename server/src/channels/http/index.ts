/** What every HTTP channel shares. */
export {
  type Admission,
  type AdmissionLimits,
  type ClassCounts,
  createAdmission,
  type RequestClass,
  withOrdersMax,
} from './admission.ts'
export { contentHash } from './content-hash.ts'
export { deadlineOf } from './deadline.ts'
export { type Following, follow } from './event-stream.ts'
export * as fields from './fields.ts'
export {
  accountLooks,
  billInquiries,
  codeRequests,
  consumerGuesses,
  createGuesses,
  type Guesses,
  keyGuesses,
  networkOf,
  operatorGuesses,
  payeeLooks,
  staffGuesses,
  voucherGuesses,
} from './guesses.ts'
export {
  notFound,
  type Problem,
  ProblemError,
  problemHandler,
  sendProblem,
  tooManyGuesses,
} from './problem.ts'
export { createRateLimit, defaultRate, type Rate } from './rate-limit.ts'
export { createHttpServer, type HttpOptions } from './server.ts'
export { keepNowhere, type SessionCookie, sessionCookie } from './session-cookie.ts'
