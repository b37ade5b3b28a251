/** What keytar's error texts mean. keytar passes on the platform's text and no number. */

import type { SecretsTrouble } from './secret-store.ts';

interface Meaning {
  readonly pattern: RegExp;
  readonly status: (message: string) => SecretsTrouble;
}

/**
 * Sources: GLib and libsecret texts under Linux, observed with the C locale; SecCopyErrorMessageString
 * of macOS for errSecUserCanceled (-128), errSecAuthFailed (-25293), errSecInteractionNotAllowed
 * (-25308) and errSecNoDefaultKeychain (-25307); FormatMessage of Windows for
 * ERROR_NO_SUCH_LOGON_SESSION (1312) and ERROR_ACCESS_DENIED (5). Other languages than English fall
 * through to `broken`, with the platform's own text as the cause.
 */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /locked collection|collection is locked|interaction is not allowed/i,
    status: () => ({
      kind: 'locked',
      reason: 'collection_locked',
      cause: 'The keychain is locked.',
    }),
  },
  {
    pattern: /default keychain could not be found/i,
    status: () => ({
      kind: 'locked',
      reason: 'no_collection',
      cause: 'This user has no default keychain yet.',
    }),
  },
  {
    pattern: /not provided by any \.service|logon session does not exist|name has no owner/i,
    status: (message) => ({ kind: 'no_service', cause: `No keychain runs here: ${message}` }),
  },
  {
    pattern: /autolaunch D-Bus|could not connect|connection is closed|connection refused/i,
    status: (message) => ({ kind: 'no_bus', cause: `There is no session bus here: ${message}` }),
  },
  {
    pattern: /dismissed|user canceled|passphrase you entered is not correct|access is denied/i,
    status: () => ({ kind: 'denied', cause: 'The keychain asked, and was told no.' }),
  },
  {
    pattern: /failed to load keytar/i,
    status: () => ({
      kind: 'broken',
      cause:
        process.platform === 'linux'
          ? 'The keychain library cannot be loaded. On Debian: apt install libsecret-1-0.'
          : 'The keychain library cannot be loaded.',
    }),
  },
];

/** The status that an error of keytar stands for. Never holds a secret: keytar's texts name none. */
export function troubleOfKeytar(error: unknown): SecretsTrouble {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 200);
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(message));
  return meaning?.status(message) ?? { kind: 'broken', cause: `The keychain failed: ${message}` };
}
