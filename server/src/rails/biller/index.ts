export { type BillerConfig, parseBillerConfig } from './config.ts'
export { createHttpBiller, type HttpBiller, type HttpBillerOptions } from './http-biller.ts'
