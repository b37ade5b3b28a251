/**
 * The files of the built window, read once at start. Only a name that is on this list can be asked
 * for, so no path leads out of the folder, and a rebuild underfoot cannot mix two versions.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';

/** A file as it is served. `type`: for the header Content-Type. */
export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
}

/** Gives a file by the path of its URL (`/`, `/assets/x.js`), or undefined. */
export interface StaticFiles {
  find(urlPath: string): StaticFile | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

/** The policy of every page of ours: nothing inline, nothing from elsewhere. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer, whatever it is. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
  'cache-control': 'no-store',
};

/** Reads the folder. Links inside it are not followed; files of unknown kind are left out. */
export async function loadStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  let total = 0;
  const walk = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const inner = posix.join(path, entry.name);
      if (entry.isDirectory()) await walk(inner);
      const type = TYPES[extname(entry.name).toLowerCase()];
      if (!entry.isFile() || type === undefined) continue;
      const body = await readFile(join(folder, inner));
      total += body.length;
      if (total > MAX_TOTAL_BYTES) throw new Error(`${folder} is larger than a window can be`);
      files.set(inner, { body, type });
    }
  };
  await walk('/');
  if (!files.has('/index.html')) throw new Error(`no window was built in ${folder}`);
  return {
    find: (urlPath) => {
      const path = plainPath(urlPath);
      return path === null ? undefined : files.get(path === '/' ? '/index.html' : path);
    },
  };
}

/** The path as it stands on the list, or null for one that cannot be on it. */
function plainPath(urlPath: string): string | null {
  const cut = urlPath.split(/[?#]/, 1)[0] ?? '';
  try {
    return decodeURIComponent(cut);
  } catch {
    return null;
  }
}
