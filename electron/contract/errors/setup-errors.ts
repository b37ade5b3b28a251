import { errorEntries } from './entry.ts';

/** Failures of Tailscale on this machine: finding it, running it, reading it. */
export const tailscaleErrors = errorEntries({
  'setup.tailscale_not_installed': {
    severity: 'warning',
    title: 'Tailscale is not installed',
    remedy: 'Install it, then check again.',
    retryable: true,
  },
  'setup.tailscale_hangs': {
    severity: 'problem',
    title: 'Tailscale does not answer',
    remedy: 'Restart Tailscale on this machine, then check again.',
    retryable: true,
  },
  'setup.tailscale_gui_error': {
    severity: 'problem',
    title: 'Tailscale’s app answered instead of its command',
    remedy: 'Open the Tailscale app once by hand, or install its command line, then check again.',
    retryable: true,
  },
  'setup.tailscale_not_tailscale': {
    severity: 'problem',
    title: 'A program named tailscale is not Tailscale',
    remedy: 'Install Tailscale, or take the other program out of the search path.',
    retryable: true,
  },
  'setup.tailscale_unreadable': {
    severity: 'problem',
    title: 'Tailscale’s answer could not be read',
    remedy: 'What it said is shown here. Update Tailscale or Peerage, then check again.',
    retryable: true,
  },
  'setup.tailscale_version_unknown': {
    severity: 'warning',
    title: 'This version of Tailscale is not known',
    remedy: 'Tailscale is used as well as it can be understood. Update Tailscale or Peerage.',
    retryable: true,
  },
  'setup.tailscale_not_running': {
    severity: 'problem',
    title: 'Tailscale is not running on this machine',
    remedy: 'Start the Tailscale app or its service, then check again.',
    retryable: true,
  },
  'setup.tailscale_no_state': {
    severity: 'warning',
    title: 'Tailscale is still loading',
    remedy: 'Wait a few seconds. If it stays like this, restart Tailscale.',
    retryable: true,
  },
  'setup.tailscale_other_user': {
    severity: 'problem',
    title: 'Another user of this machine holds Tailscale',
    remedy: 'Sign that user out of Tailscale or switch to them, then check again.',
    retryable: true,
  },
  'setup.tailscale_needs_login': {
    severity: 'problem',
    title: 'This machine has not joined a tailnet',
    remedy: 'Join by a link in the browser, or with an auth key.',
    retryable: false,
  },
  'setup.tailscale_key_expired': {
    severity: 'problem',
    title: 'This machine’s Tailscale login has expired',
    remedy: 'Log in again. Nothing else is lost.',
    retryable: false,
  },
  'setup.tailscale_needs_approval': {
    severity: 'problem',
    title: 'This machine waits for approval in the tailnet',
    remedy: 'An admin of the tailnet approves it on the Machines page of the admin console.',
    retryable: false,
  },
  'setup.tailscale_stopped': {
    severity: 'problem',
    title: 'Tailscale is switched off',
    remedy: 'Switch it on.',
    retryable: true,
  },
  'setup.tailscale_starting': {
    severity: 'warning',
    title: 'Tailscale is connecting',
    remedy: 'Wait a little. If it takes longer than 20 seconds, run the network check.',
    retryable: true,
  },
  'setup.tailscale_offline': {
    severity: 'problem',
    title: 'This machine is not online in the tailnet',
    remedy: 'Run the network check: something may be in the way of Tailscale.',
    retryable: true,
  },
  'setup.tailscale_key_expiring': {
    severity: 'warning',
    title: 'A Tailscale login expires soon',
    remedy: 'Log in again on that machine, or switch off its key expiry in the admin console.',
    retryable: false,
  },
  'setup.tailscale_locked_out': {
    severity: 'problem',
    title: 'Tailnet lock keeps this machine out',
    remedy: 'Someone with a signing key of the tailnet signs this machine.',
    retryable: false,
  },
  'setup.tailscale_update': {
    severity: 'info',
    title: 'A newer Tailscale is available',
    remedy: 'Update it when it suits you.',
    retryable: false,
  },
  'setup.tailscale_health': {
    severity: 'info',
    title: 'Tailscale reports something',
    remedy: 'What it says is shown here.',
    retryable: false,
  },
  'setup.tailscale_denied': {
    severity: 'problem',
    title: 'Tailscale does not let this user change it',
    remedy: 'Allow it once with an administrator’s password; then no more is needed.',
    retryable: false,
  },
  'setup.tailscale_timeout': {
    severity: 'problem',
    title: 'Tailscale took too long',
    remedy: 'Check again; what it has begun goes on by itself.',
    retryable: true,
  },
  'setup.tailscale_failed': {
    severity: 'problem',
    title: 'Tailscale refused',
    remedy: 'What it said is shown here.',
    retryable: true,
  },
});

/** Failures on the way into a tailnet. */
export const joinErrors = errorEntries({
  'setup.join_busy': {
    severity: 'info',
    title: 'Joining is already under way',
    remedy: 'Go on with it, or cancel it first.',
    retryable: false,
  },
  'setup.join_none': {
    severity: 'info',
    title: 'No joining is under way',
    remedy: 'Start it again.',
    retryable: false,
  },
  'setup.join_api_key': {
    severity: 'warning',
    title: 'That is an API key, not an auth key',
    remedy:
      'An API key could change the whole tailnet, so it is not taken. Make an auth key (tskey-auth-…) instead.',
    retryable: false,
  },
  'setup.join_oauth_secret': {
    severity: 'warning',
    title: 'That is an OAuth secret, not an auth key',
    remedy:
      'An OAuth secret can make any number of machines, so it is not taken. Make an auth key (tskey-auth-…) instead.',
    retryable: false,
  },
  'setup.join_key_form': {
    severity: 'warning',
    title: 'That does not look like an auth key',
    remedy: 'An auth key begins with tskey-auth-. Check what was pasted.',
    retryable: false,
  },
  'setup.join_key_refused': {
    severity: 'problem',
    title: 'The auth key was refused',
    remedy: 'It may be expired, revoked or used already. Make a new one, or join by a link.',
    retryable: false,
  },
  'setup.join_server_invalid': {
    severity: 'warning',
    title: 'That login server’s address cannot be used',
    remedy: 'Write it as https://server.example; http only for a server that you trust the way to.',
    retryable: false,
  },
  'setup.join_server_differs': {
    severity: 'problem',
    title: 'This machine belongs to another login server',
    remedy:
      'Moving it would end its present membership, so Peerage does not do it. Log it out by hand first if you want to.',
    retryable: false,
  },
  'setup.join_link_unsafe': {
    severity: 'problem',
    title: 'The login link leads somewhere unexpected',
    remedy: 'It is not opened. Check the login server, and join by hand if it is right.',
    retryable: false,
  },
  'setup.join_flags_changed': {
    severity: 'warning',
    title: 'The settings to keep have changed meanwhile',
    remedy: 'Look at them again, then go on.',
    retryable: true,
  },
  'setup.join_no_effect': {
    severity: 'problem',
    title: 'Tailscale ended without joining',
    remedy:
      'Try again. If it ends so again, run “tailscale up” in a terminal and read what it says.',
    retryable: true,
  },
  'setup.join_timed_out': {
    severity: 'warning',
    title: 'Nobody finished the login in time',
    remedy: 'Start it again for a fresh link.',
    retryable: true,
  },
  'setup.operator_cancelled': {
    severity: 'info',
    title: 'The administrator’s prompt was closed',
    remedy: 'Nothing was changed. Try again, or run the command by hand.',
    retryable: true,
  },
  'setup.operator_unavailable': {
    severity: 'warning',
    title: 'No administrator’s prompt can be shown here',
    remedy: 'Run the command in a terminal, then check again.',
    retryable: true,
  },
  'setup.operator_failed': {
    severity: 'problem',
    title: 'The permission could not be given',
    remedy: 'What was said is shown here. Run the command in a terminal, then check again.',
    retryable: true,
  },
});

/** Failures of looking at another machine through the tailnet. */
export const tailnetErrors = errorEntries({
  'setup.tailnet_peer_unknown': {
    severity: 'problem',
    title: 'That machine is not in your tailnet',
    remedy: 'Check its name or address, or ask its owner to share it with you.',
    retryable: true,
  },
  'setup.tailnet_peer_expired': {
    severity: 'problem',
    title: 'The other machine’s Tailscale login has expired',
    remedy: 'Its owner logs in to Tailscale again on that machine.',
    retryable: true,
  },
  'setup.tailnet_no_path': {
    severity: 'problem',
    title: 'No path to the machine through the tailnet',
    remedy: 'Run the network check on both machines: a firewall may be in the way of Tailscale.',
    retryable: true,
  },
  'setup.netcheck_failed': {
    severity: 'warning',
    title: 'The network check found nothing',
    remedy: 'Check that this machine has a network, then try again.',
    retryable: true,
  },
});
