/** Charging files: what settlement knows of a day, written the way the carrier's rail writes it. */
import { join } from 'node:path'
import { sandboxCarrierName } from '../channels/camara/index.ts'
import type { Config } from '../config/index.ts'
import type { Worker } from '../db/index.ts'
import { chargingFile, chargingFileName, chargingRowMax } from '../rails/carrier/index.ts'
import { type ChargingFormat, createChargingFiler } from '../settlement/index.ts'
import type { Core } from './core.ts'

export const chargingFormat: ChargingFormat = {
  rowMax: chargingRowMax,
  nameOf: chargingFileName,
  write: chargingFile,
}

/** Where carriers' files wait to be fetched. */
export const chargingFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string =>
  join(dataDir, 'files', 'charging')

export function chargingWorker({ db, clock, time, log, config }: Core): Worker {
  return createChargingFiler({
    db,
    clock,
    time,
    log,
    format: chargingFormat,
    folder: chargingFolder(config),
    isTold: (carrier) => carrier !== sandboxCarrierName,
  })
}
