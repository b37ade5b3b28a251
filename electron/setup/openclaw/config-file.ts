/**
 * Reads what the gateway part of an OpenClaw configuration says: JSON5, with `$include` followed at
 * the top and inside `gateway`, and nowhere else, so that a fault in another part does no harm.
 */
import { type FileHandle, open, realpath } from 'node:fs/promises';
import * as path from 'node:path';
import JSON5 from 'json5';

/** Limits of OpenClaw's own reader (src/config/includes.ts). */
const MOST_BYTES = 2 * 1024 * 1024;
const DEEPEST_INCLUDE = 10;

type Plain = Record<string, unknown>;

/** Why a file could not be used, in words that hold nothing of its content. */
export class ConfigFault extends Error {}

/** No file there. */
export class ConfigMissing extends Error {}

/**
 * The `gateway` object of the configuration; empty where it has none.
 * @throws ConfigMissing, ConfigFault
 */
export async function readGatewayConfig(configPath: string): Promise<Plain> {
  const root = path.dirname(configPath);
  const whole = await followTop(await load(configPath), { file: configPath, root, seen: [] });
  const gateway = whole.gateway;
  if (gateway === undefined) return {};
  if (!isPlain(gateway)) throw new ConfigFault('“gateway” is not an object.');
  return followAll(gateway, { file: configPath, root, seen: [] });
}

interface Place {
  readonly file: string;
  readonly root: string;
  readonly seen: readonly string[];
}

async function load(file: string): Promise<Plain> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON5.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigFault(`${file} is not JSON5${where(error)}.`);
  }
  if (!isPlain(value)) throw new ConfigFault(`${file} holds no object.`);
  return value;
}

async function readText(file: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const info = await handle.stat();
    if (!info.isFile()) throw new ConfigFault(`${file} is not a file.`);
    if (info.size > MOST_BYTES)
      throw new ConfigFault(`${file} is too large to be a configuration.`);
    return await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof ConfigFault) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ConfigMissing(file);
    throw new ConfigFault(
      code === 'EACCES' || code === 'EPERM'
        ? `${file} may not be read by this user.`
        : `${file} cannot be read (${code}).`,
    );
  } finally {
    await handle?.close();
  }
}

function where(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if (!('lineNumber' in error) || !('columnNumber' in error)) return '';
  return ` (line ${String(error.lineNumber)}, column ${String(error.columnNumber)})`;
}

/** Merges the includes of one object; its own keys win. Other objects inside are left as they are. */
async function followTop(value: Plain, place: Place): Promise<Plain> {
  const include = value.$include;
  if (include === undefined) return value;
  const names = Array.isArray(include) ? include : [include];
  let merged: Plain = {};
  for (const name of names) {
    if (typeof name !== 'string') throw new ConfigFault('An $include is not a file name.');
    const file = await includedFile(name, place);
    const inner = await included(file);
    merged = merge(merged, await followTop(inner, { ...place, file, seen: [...place.seen, file] }));
  }
  const { $include: _, ...own } = value;
  return merge(merged, own);
}

/** The same for all objects inside. */
async function followAll(value: Plain, place: Place): Promise<Plain> {
  const top = await followTop(value, place);
  const result: Plain = {};
  for (const [key, item] of Object.entries(top))
    if (!BLOCKED.has(key)) result[key] = isPlain(item) ? await followAll(item, place) : item;
  return result;
}

async function included(file: string): Promise<Plain> {
  try {
    return await load(file);
  } catch (error) {
    if (error instanceof ConfigMissing) throw new ConfigFault(`${file}, an $include, is missing.`);
    throw error;
  }
}

/** Includes stay inside the configuration's own folder, as OpenClaw demands. */
async function includedFile(name: string, place: Place): Promise<string> {
  const file = path.resolve(path.dirname(place.file), name);
  const [root, real] = await Promise.all([
    realpath(place.root).catch(() => place.root),
    realpath(file).catch(() => file),
  ]);
  const inside = (base: string, target: string) => target.startsWith(base + path.sep);
  if (!inside(place.root, file) || !inside(root, real))
    throw new ConfigFault('An $include leads out of the configuration’s folder.');
  if (place.seen.includes(file)) throw new ConfigFault('The $includes go in a circle.');
  if (place.seen.length >= DEEPEST_INCLUDE) throw new ConfigFault('The $includes go too deep.');
  return file;
}

/** Keys that mean something to the language rather than to the configuration. */
const BLOCKED = new Set(['__proto__', 'constructor', 'prototype']);

/** Objects are merged, arrays joined, anything else is replaced. */
function merge(into: Plain, from: Plain): Plain {
  const result: Plain = { ...into };
  for (const [key, value] of Object.entries(from)) {
    if (BLOCKED.has(key)) continue;
    const old = result[key];
    if (isPlain(old) && isPlain(value)) result[key] = merge(old, value);
    else if (Array.isArray(old) && Array.isArray(value)) result[key] = [...old, ...value];
    else result[key] = value;
  }
  return result;
}

/** An object of a JSON document: neither null nor an array. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
