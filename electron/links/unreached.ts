/** What it means that a socket could not be opened, for every kind of link. */
import type { OfflineCause } from '../contract/index.ts';

/** By the system's code (Node's errno names). */
export const UNREACHED: Readonly<Record<string, OfflineCause>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'host_unknown',
  EAI_AGAIN: 'host_unknown',
  EAI_FAIL: 'host_unknown',
  EAI_NODATA: 'host_unknown',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  ENETDOWN: 'local_network_down',
};
