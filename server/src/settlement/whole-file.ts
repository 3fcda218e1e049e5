/**
 * Files that others fetch from a folder: nobody ever sees half of one, and after a power cut one is
 * there as a whole or not at all.
 */
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Answers where it was written; a file of that name is replaced. */
export async function writeWhole(
  folder: string,
  file: { readonly name: string; readonly bytes: Uint8Array },
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, file.name)
  const draft = `${path}.draft`
  const handle = await open(draft, 'w')
  try {
    await handle.writeFile(file.bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, path)
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
  return path
}
