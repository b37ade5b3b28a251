/**
 * Imported first: tells zod not to compile parsers with `new Function`, which the window's CSP
 * refuses (and reports, even where the refusal is caught).
 */
import * as z from 'zod';

z.config({ jitless: true });
