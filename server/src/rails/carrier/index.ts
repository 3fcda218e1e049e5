export {
  type ChargingAnswer,
  type ChargingAnswerProblem,
  type ChargingAnswerRow,
  compareChargingAnswer,
  parseChargingAnswer,
} from './charging-answer.ts'
export {
  type ChargingFile,
  type ChargingFileProblem,
  type ChargingRow,
  chargingFile,
  chargingFileName,
  chargingRowMax,
} from './charging-file.ts'
export { createHttpCarrier, type HttpCarrier, type HttpCarrierOptions } from './http-carrier.ts'
