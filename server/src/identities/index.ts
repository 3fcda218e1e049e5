export { birthDateOf, isIdNumber, normalIdNumber } from './id-number.ts'
export { createIdentities, type IdentityTools } from './identities.ts'
export {
  type Identities,
  type IdentityDocument,
  type IdentityLevel,
  identityKeys,
  type Owner,
  type Person,
  type Registration,
  type RegistrationRefusal,
} from './identity.ts'
export { isPersonName, maskedIdNumber, maskedName, writtenName } from './person-name.ts'
export {
  armIdentityReseal,
  createIdentityResealWorker,
  identitiesUnder,
  identityResealTopic,
  resealIdentities,
} from './reseal.ts'
export { identityInvariants } from './verify.ts'
