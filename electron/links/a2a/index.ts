/** The room's face: what the composition root may use. */
export { createA2aLink } from './a2a-link.ts';
export type { A2aLinkOptions } from './options.ts';
export { type A2aFindings, probeA2a } from './probe.ts';
export { provenReception, tellEnded } from './reception.ts';
export { normaliseA2aUrl } from './url.ts';
