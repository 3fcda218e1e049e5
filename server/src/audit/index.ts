export { AuditBroken, appendLog, sealHead } from './audit-log.ts'
export { type ChainedEntry, type Head, type LogEntry, readHead, readLog } from './log-store.ts'
export { auditInvariants } from './verify.ts'
