/**
 * Files that others fetch from a folder: nobody ever sees half of one, and after a power cut one is
 * there as a whole or not at all. Two that make the same file at once do not write into each other's.
 */
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Answers where it was written; a file of that name is replaced. */
export async function writeWhole(
  folder: string,
  file: { readonly name: string; readonly bytes: Uint8Array },
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, file.name)
  const aside = await mkdtemp(join(folder, '.draft-'))
  try {
    const draft = join(aside, file.name)
    await writeDurably(draft, file.bytes)
    await rename(draft, path)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
  return path
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
