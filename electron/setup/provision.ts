/**
 * `--config FILE`: peers, links and policy from outside, for pods and servers. The file is JSON and
 * holds no secret; each link names its secret in the folder of `--secrets`. docs/pods.md tells how.
 */
import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import { line, paragraph, requiredLine } from '../contract/calls/text.ts';
import { type AppError, appError, fail, ok, type Result, Settings } from '../contract/index.ts';

/** Names that the secrets folder takes, and that may stand in a log. */
const reference = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'Letters, digits, dot, dash, underscore; at most 64.',
  );

const fingerprint = z
  .string()
  .transform((text) => text.replaceAll(':', '').toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'A SHA-256 in hex: 64 digits, colons allowed.'))
  .nullable()
  .default(null);

const gatewayUrl = z
  .string()
  .trim()
  .min(1)
  .max(2048)
  .refine((text) => !hidesSecret(text), {
    message: 'A user name, password, query or fragment does not belong here.',
  });

const LinkEntry = z
  .strictObject({
    /** Stays the same while the rest may change; default: `secretRef`, else the URL. */
    id: reference.optional(),
    url: gatewayUrl,
    credential: z.enum(['token', 'password', 'none']).default('token'),
    /** `<secretRef>.token` or `<secretRef>.password` in the secrets folder. */
    secretRef: reference.nullable().default(null),
    agentId: z.string().min(1).max(200).nullable().default(null),
    sessionKey: z.string().min(1).max(400).nullable().default(null),
    /** SHA-256 of the gateway's identity key. */
    identity: fingerprint,
    tlsFingerprint: fingerprint,
    /** What may come in over this link: `ask` the person, or `block`. */
    incoming: z.enum(['ask', 'block']).default('ask'),
  })
  .refine((link) => link.credential === 'none' || link.secretRef !== null, {
    path: ['secretRef'],
    message: 'Needed unless credential is “none”.',
  });

const PeerEntry = z.strictObject({
  /** Stays the same while the name may change: the threads hang on it. */
  id: reference,
  name: requiredLine(80),
  nickname: line(40).nullable().default(null),
  group: line(40).nullable().default(null),
  favourite: z.boolean().default(false),
  notes: paragraph(10_000).default(''),
  capabilities: z.array(requiredLine(40)).max(64).default([]),
  links: z.array(LinkEntry).min(1).max(16),
});

const Policy = Settings.pick({
  softLimitBytes: true,
  hardLimitBytes: true,
  giveUpHours: true,
  retentionDays: true,
  notifications: true,
})
  .partial()
  .strict();

/** The whole file. */
export const ProvisionFile = z
  .strictObject({
    version: z.literal(1),
    peers: z.array(PeerEntry).max(10_000).default([]),
    policy: Policy.default({}),
  })
  .superRefine(({ peers }, context) => {
    refuseTwins(peers, (peer) => peer.id, ['peers'], context);
    peers.forEach((peer, i) => {
      refuseTwins(peer.links, linkKey, ['peers', i, 'links'], context);
    });
  });
export type ProvisionFile = z.infer<typeof ProvisionFile>;

type LinkEntry = z.infer<typeof LinkEntry>;

const linkKey = (link: LinkEntry): string => link.id ?? link.secretRef ?? link.url;

function refuseTwins<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  path: (string | number)[],
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>();
  items.forEach((item, i) => {
    const key = keyOf(item);
    if (seen.has(key))
      context.addIssue({
        code: 'custom',
        path: [...path, i, 'id'],
        message: 'Another one has this id.',
      });
    seen.add(key);
  });
}

/** A peer in the shape that the peer book takes. */
export interface ProvisionedPeerEntry extends Omit<z.infer<typeof PeerEntry>, 'id' | 'links'> {
  readonly key: string;
  readonly links: readonly {
    readonly key: string;
    readonly kind: 'gateway';
    readonly url: string;
    readonly credential: LinkEntry['credential'];
    readonly secretRef: string | null;
    readonly policy: LinkEntry['incoming'];
    readonly agentId: string | null;
    readonly sessionKey: string | null;
    readonly pinnedIdentity: string | null;
    readonly pinnedTls: string | null;
  }[];
}

/** The whole file, checked: what it does not name is filled in. */
export interface Provision {
  readonly peers: readonly ProvisionedPeerEntry[];
  /** Settings that the file fixes; the others stay the person's. */
  readonly policy: z.infer<typeof Policy>;
}

const MOST_BYTES = 8 * 1024 * 1024;

/** Reads and checks the file. @returns setup.config_invalid with the place that is wrong */
export async function readProvisionFile(file: string): Promise<Result<Provision>> {
  let text: string;
  try {
    const info = await stat(file);
    if (!info.isFile()) return fail(invalid(`${file} is not a file.`));
    if (info.size > MOST_BYTES) return fail(invalid(`${file} is larger than 8 MiB.`));
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return fail(invalid(`${file} cannot be read (${code}).`));
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // Only the place: the system's message quotes the text around it.
    const place = /line \d+ column \d+/.exec(String(error))?.[0];
    return fail(invalid(`${file} is not JSON${place ? ` (${place})` : ''}.`));
  }
  return parseProvision(value, file);
}

/** Checks a parsed file. @param file its name, for texts */
export function parseProvision(value: unknown, file: string): Result<Provision> {
  const secret = secretPath(value, '');
  if (secret !== null)
    return fail(
      invalid(`${file}: ${secret} looks like a secret. Secrets belong into the secrets folder.`),
    );
  const parsed = ProvisionFile.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 5);
    const texts = issues.map(({ path, message }) => `${pathText(path)}: ${message}`);
    const more = parsed.error.issues.length - issues.length;
    return fail(invalid(`${file}: ${texts.join('; ')}${more > 0 ? `; and ${more} more` : ''}`));
  }
  return ok({
    policy: parsed.data.policy,
    peers: parsed.data.peers.map(({ id, links, ...peer }) => ({
      ...peer,
      key: id,
      nickname: peer.nickname || null,
      group: peer.group || null,
      links: links.map((link) => ({
        key: linkKey(link),
        kind: 'gateway' as const,
        url: link.url,
        credential: link.credential,
        secretRef: link.credential === 'none' ? null : link.secretRef,
        policy: link.incoming,
        agentId: link.agentId,
        sessionKey: link.sessionKey,
        pinnedIdentity: link.identity,
        pinnedTls: link.tlsFingerprint,
      })),
    })),
  });
}

const invalid = (detail: string): AppError => appError('setup.config_invalid', detail);

const SECRET_NAME =
  /(token|passw(or)?d|passphrase|secret|api[_-]?key|auth[_-]?key|private[_-]?key|authorization|cookie|setup[_-]?code)/i;

/** Nothing of the schema lies deeper; what does is refused by it. */
const DEEPEST = 12;

/** The path of the first member whose name says that it holds a secret; never its value. */
function secretPath(value: unknown, path: string, depth = 0): string | null {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return null;
  for (const [key, item] of Object.entries(value)) {
    const here = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    if (!Array.isArray(value) && key !== 'secretRef' && SECRET_NAME.test(key)) return here;
    const inside = secretPath(item, here, depth + 1);
    if (inside !== null) return inside;
  }
  return null;
}

function hidesSecret(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && [url.username, url.password, url.search, url.hash].some((p) => p !== '');
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : text === ''
          ? String(part)
          : `${text}.${String(part)}`,
    '',
  ) || 'the file';
