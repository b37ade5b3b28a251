import { errorEntries } from './entry.ts';

/** Failures at the boundary: a frame or a call that cannot be taken. */
export const callErrors = errorEntries({
  'call.unknown': {
    severity: 'problem',
    title: 'This app does not know that request',
    remedy: 'The window and the app may be of different versions: reload the window.',
    retryable: false,
  },
  'call.invalid_input': {
    severity: 'warning',
    title: 'Something in the form is not right',
    remedy: 'See the marked field.',
    retryable: false,
  },
  'call.invalid_output': {
    severity: 'problem',
    title: 'The app gave an answer that it should not give',
    remedy: 'Copy this and report it; nothing was lost.',
    retryable: false,
  },
  'call.not_allowed': {
    severity: 'problem',
    title: 'That needs the window',
    remedy: 'Only a person at the window can do this.',
    retryable: false,
  },
  'call.malformed': {
    severity: 'problem',
    title: 'That message is not in the right form',
    remedy: 'Reload the window. If it comes back, copy this and report it.',
    retryable: false,
  },
  'call.too_large': {
    severity: 'problem',
    title: 'That is too large to take in one piece',
    remedy: 'Send less at once, or attach it as a file.',
    retryable: false,
  },
  'call.wrong_sender': {
    severity: 'problem',
    title: 'A stranger knocked, and was refused',
    remedy:
      'Nothing to do. If you opened this page yourself, use the address that the app printed.',
    retryable: false,
  },
  'call.cancelled': {
    severity: 'info',
    title: 'Stopped before it was done',
    remedy: 'Start it again when you like.',
    retryable: true,
  },
  'app.internal': {
    severity: 'problem',
    title: 'Something went wrong inside the app',
    remedy: 'Copy this and report it. What you wrote is kept.',
    retryable: true,
  },
  'notice.not_found': {
    severity: 'info',
    title: 'That notice is gone',
    remedy: 'What it was about may have been removed or done elsewhere.',
    retryable: false,
  },
  'app.stopping': {
    severity: 'info',
    title: 'The app is stopping',
    remedy: 'Start it again; what was not sent waits.',
    retryable: true,
  },
  'app.connection_lost': {
    severity: 'warning',
    title: 'The window lost the app',
    remedy: 'It connects again by itself. If the app was stopped, start it again.',
    retryable: true,
  },
});

/** Failures of the home folder and its database. */
export const storeErrors = errorEntries({
  'store.newer_version': {
    severity: 'problem',
    title: 'This data was written by a newer Peerage',
    remedy: 'Update this Peerage, or start it with another home folder. Nothing was changed.',
    retryable: false,
  },
  'store.corrupt_set_aside': {
    severity: 'problem',
    title: 'The data file was damaged and has been set aside',
    remedy: 'Peerage started with an empty one. The damaged file is kept at the place shown here.',
    retryable: false,
  },
  'store.disk_full': {
    severity: 'problem',
    title: 'The disk is full',
    remedy: 'Free some space. What is on the screen can still be copied.',
    retryable: true,
  },
  'store.not_writable': {
    severity: 'problem',
    title: 'The home folder cannot be written',
    remedy: 'Check who owns the folder and its permissions.',
    retryable: true,
  },
});

/** Failures of the keychain. */
export const secretsErrors = errorEntries({
  'secrets.locked': {
    severity: 'warning',
    title: 'The keychain is locked',
    remedy: 'Unlock it, or keep secrets for this session only.',
    retryable: true,
  },
  'secrets.no_service': {
    severity: 'problem',
    title: 'No keychain service runs on this machine',
    remedy: 'Install gnome-keyring or KWallet, or keep secrets for this session only.',
    retryable: true,
  },
  'secrets.no_bus': {
    severity: 'problem',
    title: 'There is no D-Bus session, so no keychain can be reached',
    remedy: 'Start Peerage inside a desktop session, or keep secrets for this session only.',
    retryable: true,
  },
  'secrets.denied': {
    severity: 'warning',
    title: 'The keychain refused access',
    remedy: 'Allow Peerage in the keychain’s prompt, or keep secrets for this session only.',
    retryable: true,
  },
  'secrets.hung': {
    severity: 'problem',
    title: 'The keychain does not answer',
    remedy: 'Look for a prompt behind other windows, or keep secrets for this session only.',
    retryable: true,
  },
  'secrets.broken': {
    severity: 'problem',
    title: 'The keychain could not be used',
    remedy: 'The reason is shown above. Try again, or keep secrets for this session only.',
    retryable: true,
  },
  'secrets.bad_value': {
    severity: 'warning',
    title: 'That secret cannot be kept as it is',
    remedy: 'Check what was pasted: it may be empty or hold odd characters.',
    retryable: false,
  },
  'secrets.bad_account': {
    severity: 'problem',
    title: 'That secret has no proper name',
    remedy: 'Copy this and report it; nothing was stored.',
    retryable: false,
  },
  'secrets.identity_corrupt': {
    severity: 'problem',
    title: 'The key of this device is damaged',
    remedy: 'Restore the keychain from a backup, or start with a new home folder.',
    retryable: false,
  },
  'secrets.identity_missing': {
    severity: 'problem',
    title: 'The key of this device is gone from the keychain',
    remedy: 'Restore the keychain, or let a new key be made; the peers must approve it again.',
    retryable: false,
  },
  'secrets.absent': {
    severity: 'problem',
    title: 'The secret for this link is not in the keychain',
    remedy: 'Enter the token or password again.',
    retryable: false,
  },
  'secrets.read_only': {
    severity: 'problem',
    title: 'Secrets come from a read-only folder here',
    remedy: 'Change the secret where it is mounted from, then reconnect.',
    retryable: false,
  },
  'secrets.folder_unsafe': {
    severity: 'problem',
    title: 'Others can read the secrets folder',
    remedy: 'Take away the rights of group and others (chmod -R go= DIR), then start again.',
    retryable: false,
  },
  'secrets.too_large': {
    severity: 'problem',
    title: 'That secret is too long for the keychain',
    remedy: 'A token has at most 2,048 characters. Check what was pasted.',
    retryable: false,
  },
});
