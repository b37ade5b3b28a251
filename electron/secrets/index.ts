/** The room's face: what the composition root and the services may use. */

export { KEYCHAIN_SERVICE, OWN_LINK, secretAccount } from './account.ts';
export {
  type DeviceIdentity,
  deviceIdentityFromPem,
  loadOrCreateDeviceIdentity,
  newDeviceIdentity,
  publicKeyRawBase64Url,
  signPayload,
} from './device-identity.ts';
export { FolderSecretStore, type FolderStoreOptions } from './folder-store.ts';
export type { SecretsTimer } from './keychain-conversation.ts';
export {
  type ChildPort,
  type ChildSpawner,
  childEnvironment,
  nodeChild,
} from './keychain-process.ts';
export type { UnlockOutcome } from './keychain-protocol.ts';
export { KeychainStore, type KeychainStoreOptions } from './keychain-store.ts';
export { MemorySecretStore } from './memory-store.ts';
export { OverlaySecretStore } from './overlay-store.ts';
export { REDACTED, Redactor } from './redact.ts';
export { withRedaction } from './redacting-store.ts';
export {
  isTrouble,
  MAX_SECRET_BYTES,
  SECRET_KINDS,
  type SecretAccount,
  type SecretKind,
  type SecretLookup,
  type SecretStore,
  SecretsError,
  type SecretsErrorCode,
  type SecretsStatus,
  type SecretsTrouble,
} from './secret-store.ts';
export type { UnlockOptions } from './unlock.ts';
