// Reads a code in a picture or in a frame of the camera. The browser does it where it can; elsewhere a decoder of our
// own files, which is not fetched before there is something to look at.

/** What may hold a code. */
export type Sight = ImageBitmap | HTMLVideoElement
/** What the code says; `null` where there is none. */
export type CodeReader = (sight: Sight) => Promise<string | null>

interface Detector {
  detect(sight: Sight): Promise<readonly { readonly rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

const format = 'qr_code'

/** Throws where the decoder is needed and cannot be fetched. */
export async function codeReader(): Promise<CodeReader> {
  const own = await browsersOwn()
  if (own === null) return (await import('./decoder.ts')).decode
  return async (sight) => (await own.detect(sight))[0]?.rawValue ?? null
}

/** Some browsers have the class and can read nothing with it. */
async function browsersOwn(): Promise<Detector | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  if (!BarcodeDetector) return null
  const formats = await BarcodeDetector.getSupportedFormats().catch((): readonly string[] => [])
  return formats.includes(format) ? new BarcodeDetector({ formats: [format] }) : null
}
