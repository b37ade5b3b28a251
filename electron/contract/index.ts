/**
 * The contract: everything that a window may ask, and everything that it is told. Plain zod schemas;
 * no Node, DOM or Electron import, so the same code checks both ends of every transport.
 */
export * from './a2a.ts';
export * from './broadcast-text.ts';
export * from './calls/index.ts';
export * from './errors/index.ts';
export * from './forms.ts';
export * from './frame.ts';
export * from './hidden-text.ts';
export * from './ids.ts';
export * from './json-depth.ts';
export * from './place.ts';
export * from './port.ts';
export * from './result.ts';
export * from './snapshot.ts';
export * from './state-words.ts';
export * from './views/index.ts';
