// The document as the API takes it.
import type { Document } from './identity-document.ts'

export function ownerBody({ name, documentNumber }: Document): Document {
  return { name: name.trim(), documentNumber }
}
