export type { Application } from './application.ts'
export {
  type ApiKeyVerifier,
  apiKeyVerifier,
  createCatalogue,
  type LiveCatalogue,
} from './catalogue.ts'
export {
  type ClientContent,
  type ClientRefusal,
  createClient,
  type Issued,
  revokeClient,
  rotateClient,
  secretHashOf,
} from './client-commands.ts'
export { readClientsOf } from './client-store.ts'
export type { ApiClient, Catalogue, Merchant, MerchantName, Product } from './merchant.ts'
export {
  type ApplicationContent,
  type ApprovalRefusal,
  apply,
  approve,
  type Changed,
  changeMerchant,
  type MerchantChanges,
  type MerchantRefusal,
  refuseApplication,
  setMerchantStatus,
  type Terms,
} from './merchant-commands.ts'
export {
  type AddRefusal,
  addProduct,
  type ChangeRefusal,
  changeProduct,
  setProductStatus,
} from './product-commands.ts'
export { readProductsOf, readVersions } from './product-store.ts'
export type { ProductContent, ProductRefusal, TermsRefusal } from './rules.ts'
export { createSnapshot, type Snapshot } from './snapshot.ts'
export { listApplications, readMerchant, readMerchants } from './store.ts'
export { moveVersion } from './version-store.ts'
export { parseKeyword, reservedWords } from './words.ts'
