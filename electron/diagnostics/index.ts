export { type DiagnosticsFacts, diagnosticsText } from './bundle.ts';
export { createMask } from './mask.ts';
