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

/** The bars of a payment code say what its square says: whatever is seen first. */
const [square, bars] = ['qr_code', 'code_128']

/** For the frames of a camera, one after another. Throws where the decoder is needed and cannot be fetched. */
export async function frameReader(): Promise<CodeReader> {
  return (await browsersOwn()) ?? (await decoder()).frameDecoder()
}

/** The same for one picture; where the browser finds nothing in it the decoder looks again. */
export async function pictureReader(): Promise<CodeReader> {
  const own = await browsersOwn()
  if (own === null) return (await decoder()).decodePicture
  const again: CodeReader = async (sight) => (await decoder()).decodePicture(sight)
  return async (sight) => (await own(sight).catch(() => null)) ?? again(sight)
}

const decoder = () => import('./decoder.ts')

/** Some browsers have the class and can read nothing with it. */
async function browsersOwn(): Promise<CodeReader | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  if (!BarcodeDetector) return null
  const formats = await BarcodeDetector.getSupportedFormats().catch((): readonly string[] => [])
  if (!formats.includes(square)) return null
  const wanted = formats.filter((one) => one === square || one === bars)
  const detector = new BarcodeDetector({ formats: wanted })
  return async (sight) => (await detector.detect(sight))[0]?.rawValue ?? null
}
