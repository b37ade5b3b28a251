import { errorEntries } from './entry.ts';

/** Failures about the gateway on this machine: reaching it with more rights, and who is let in. */
export const ownGatewayErrors = errorEntries({
  'own_gateway.not_running': {
    severity: 'warning',
    title: 'The gateway on this machine is not running',
    remedy: 'Start OpenClaw, then try again.',
    retryable: true,
  },
  'own_gateway.elsewhere': {
    severity: 'info',
    title: 'The configured gateway is on another machine',
    remedy: 'Change its settings on the machine where it runs.',
    retryable: false,
  },
  'own_gateway.no_secret': {
    severity: 'warning',
    title: 'The gateway’s token cannot be had here',
    remedy: 'Connect the own gateway first, or paste its token there.',
    retryable: true,
  },
  'own_gateway.refused': {
    severity: 'problem',
    title: 'The gateway did not let Peerage manage it',
    remedy: 'Its token may have changed: connect the own gateway again.',
    retryable: true,
  },
  'own_gateway.too_few_rights': {
    severity: 'problem',
    title: 'The gateway gave fewer rights than this needs',
    remedy: 'Peerage needs the gateway’s shared token or password, on this machine.',
    retryable: false,
  },
  'own_gateway.another': {
    severity: 'problem',
    title: 'Another gateway answers in place of yours',
    remedy: 'Nothing was changed. Compare its fingerprint on the peer’s page before you trust it.',
    retryable: false,
  },
  'own_gateway.no_answer': {
    severity: 'problem',
    title: 'The gateway did not answer',
    remedy: 'Look whether OpenClaw is running well, then try again.',
    retryable: true,
  },
  'own_gateway.failed': {
    severity: 'problem',
    title: 'The gateway refused the change',
    remedy: 'Its reason stands above. Nothing was changed.',
    retryable: true,
  },
  'own_gateway.request_gone': {
    severity: 'info',
    title: 'That request is no longer there',
    remedy: 'It was answered, withdrawn or expired. If the device still wants in, it asks again.',
    retryable: false,
  },
  'own_gateway.request_changed': {
    severity: 'warning',
    title: 'The device asks for something else by now',
    remedy: 'Look at the request again before you decide.',
    retryable: false,
  },
  'own_gateway.cannot_approve_less': {
    severity: 'info',
    title: 'OpenClaw approves a request as a whole',
    remedy: 'Decline it, and let the other side ask again for less.',
    retryable: false,
  },
  'own_gateway.device_gone': {
    severity: 'info',
    title: 'That device is not on the list any more',
    remedy: 'Look at the list again.',
    retryable: false,
  },
  'own_gateway.program_missing': {
    severity: 'warning',
    title: 'The openclaw command was not found',
    remedy: 'Install OpenClaw for this user, or run the command where it is installed.',
    retryable: true,
  },
  'own_gateway.program_failed': {
    severity: 'problem',
    title: 'The openclaw command failed',
    remedy: 'Run it in a terminal to see more.',
    retryable: true,
  },
});

/** Failures of changing how the own gateway listens, and its token. */
export const gatewayChangeErrors = errorEntries({
  'own_gateway.address_refused': {
    severity: 'warning',
    title: 'The gateway may not listen on that address',
    remedy: 'Choose a private address of this machine.',
    retryable: false,
  },
  'own_gateway.no_tailnet_address': {
    severity: 'warning',
    title: 'This machine has no address in a tailnet',
    remedy: 'Join the tailnet first, or switch Tailscale on, then try again.',
    retryable: true,
  },
  'own_gateway.no_auth': {
    severity: 'problem',
    title: 'The gateway asks nobody for a token',
    remedy: 'Give it a token first: otherwise whoever reaches it can run commands here.',
    retryable: false,
  },
  'own_gateway.plan_gone': {
    severity: 'info',
    title: 'That plan is no longer valid',
    remedy: 'Look at the change again, then carry it out.',
    retryable: false,
  },
  'own_gateway.busy': {
    severity: 'info',
    title: 'Another change of the gateway is under way',
    remedy: 'Wait until it is done, or cancel it.',
    retryable: true,
  },
  'own_gateway.config_changed': {
    severity: 'warning',
    title: 'The configuration was changed meanwhile',
    remedy: 'Nothing was written. Look at the change again: it is drawn up anew.',
    retryable: false,
  },
  'own_gateway.config_invalid': {
    severity: 'problem',
    title: 'OpenClaw does not take this configuration',
    remedy: 'Nothing was written. The reason stands above.',
    retryable: false,
  },
  'own_gateway.backup_failed': {
    severity: 'problem',
    title: 'The configuration could not be backed up',
    remedy: 'Nothing was written. Free some disk space, or check the rights of the home folder.',
    retryable: true,
  },
  'own_gateway.backup_gone': {
    severity: 'info',
    title: 'That backup is not there any more',
    remedy: 'Choose another one.',
    retryable: false,
  },
  'own_gateway.not_back': {
    severity: 'problem',
    title: 'The gateway did not come back',
    remedy: 'Start OpenClaw, and look at its log.',
    retryable: true,
  },
  'own_gateway.not_as_planned': {
    severity: 'problem',
    title: 'The gateway does not listen as it was told to',
    remedy: 'Check again who can reach it, and look at OpenClaw’s log.',
    retryable: true,
  },
  'own_gateway.secret_elsewhere': {
    severity: 'warning',
    title: 'The token is kept outside the configuration',
    remedy: 'Change it where it is kept, then connect the own gateway again.',
    retryable: false,
  },
  'own_gateway.links_not_back': {
    severity: 'problem',
    title: 'Not everything of yours connects with the new token',
    remedy: 'The links that are named need the new token: open their pages.',
    retryable: true,
  },
});
