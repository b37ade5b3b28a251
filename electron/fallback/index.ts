/** The room's face: what the composition root may use. */
export { createFallback, type Fallback, type FallbackOutbox } from './fallback.ts';
