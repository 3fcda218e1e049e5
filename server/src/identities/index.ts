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
