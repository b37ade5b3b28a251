/** Takes out of a text what tells who and where, and keeps what is the same recognisable as the same. */

/** What a mask has to know before it can take it out. */
export interface MaskOptions {
  /** Names of peers, groups and the like, as the person or a peer wrote them. */
  readonly names: readonly string[];
  /** Hosts that are known to be meant, of any shape: `nas`, `gate.example`. */
  readonly hosts: readonly string[];
  /** The person's folders; each becomes `~`, however a system or a URL writes it. */
  readonly folders: readonly string[];
  /** The cleaner that knows the live secrets and the shapes of tokens. */
  redact(text: string): string;
}

const URL_HOST = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#"'<>]+)/giu;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/gu;
/** Candidates; a time of day has two colons and no double one. */
const COLONS = /(?<![\w:.])[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*(?![\w:])/giu;
const isIpv6 = (text: string): boolean => text.includes('::') || text.split(':').length === 8;
const HOST_NAME =
  /\b(?:[a-z0-9-]{1,63}\.)+(?:ts\.net|local|lan|home|internal|localdomain|com|net|org|dev|io|ai|de|eu|uk)\b/giu;
const MAIL = /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b/gu;
/** Keys, fingerprints, ids of devices: long runs that are no words. */
const LONG = /\b(?=[\w+/=-]*\d)[\w+/=-]{24,}\b/gu;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu;
/** A shorter name would take pieces out of ordinary words. */
const SHORTEST_NAME = 2;

/** Builds a mask. The same host, name or key gets the same number as long as the mask lives. */
export function createMask(options: MaskOptions): (text: string) => string {
  const numbers = new Map<string, string>();
  const counts = new Map<string, number>();
  const numbered = (kind: string, value: string): string => {
    const key = `${kind} ${value.toLowerCase()}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    numbers.set(key, `<${kind} ${count}>`);
    return `<${kind} ${count}>`;
  };
  const host = (value: string): string =>
    /^(127\.0\.0\.1|localhost|\[::1\]|::1)(:\d+)?$/.test(value) ? value : numbered('host', value);
  const folders = options.folders
    .map((folder) => folder.replace(/[\\/]+$/, ''))
    .filter((folder) => folder.length > 1)
    .sort(byLength)
    .map(folderShape);
  const words = (all: readonly string[]): string[] =>
    [...new Set(all)].filter((word) => word.trim().length >= SHORTEST_NAME).sort(byLength);
  const names = words(options.names);
  const hosts = words(options.hosts);
  return (text) => {
    let masked = options.redact(text);
    for (const folder of folders) masked = masked.replace(folder, '~');
    for (const known of hosts) masked = masked.replace(wholeWord(known), () => host(known));
    for (const name of names) {
      masked = masked.replace(wholeWord(name), () => numbered('name', name));
    }
    return masked
      .replace(MAIL, (mail) => numbered('mail', mail))
      .replace(URL_HOST, (_all, scheme: string, at: string) =>
        at.startsWith('<') ? scheme + at : scheme + host(at),
      )
      .replace(UUID, (id) => numbered('id', id))
      .replace(IPV4, host)
      .replace(COLONS, (text) => (isIpv6(text) ? host(text) : text))
      .replace(HOST_NAME, host)
      .replace(LONG, (key) => numbered('key', key));
  };
}

const byLength = (a: string, b: string): number => b.length - a.length;

/** A folder with its parts as they are, and any slashes between: as it is, escaped, or in a URL. */
function folderShape(folder: string): RegExp {
  const parts = folder.split(/[\\/]+/).map(partShape);
  return new RegExp(`${parts.join('[\\\\/]+')}(?![\\p{L}\\p{N}_-])`, 'giu');
}

/** A part of a path as it is, or as a URL has it, where that is another text. */
function partShape(part: string): string {
  const texts = part.isWellFormed() ? [part, encodeURI(part), encodeURIComponent(part)] : [part];
  return `(?:${[...new Set(texts)].map(literally).join('|')})`;
}

/** The name where no letter or digit stands right beside it. */
function wholeWord(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${literally(name)}(?![\\p{L}\\p{N}])`, 'giu');
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
