/** What becomes of what was found: one row per peer and relay, with a reason in plain words. */
import { createHash } from 'node:crypto';
import type { ImportRow, PeerId, Result } from '../../contract/index.ts';
import type { FoundPeer, Parsed } from './parsed.ts';

/** What the importer needs to know of the peers that are there. */
export interface ImportBook {
  /** A peer with a link to this address. */
  at(url: string): { readonly id: PeerId; readonly name: string } | null;
  /** A relay at this address. */
  relayAt(url: string): { readonly name: string } | null;
  normaliseRelayUrl(text: string): Result<{ url: string }>;
  nameTaken(name: string): boolean;
  /** True for an address of this machine. */
  isHere(url: string): boolean;
  /** Fills in scheme and port, or says what is wrong. */
  normaliseUrl(text: string): Result<{ url: string }>;
}

/** A row with what the window must not see. */
export interface PlannedRow {
  readonly row: ImportRow;
  /** Of a relay: who the person is on it, as a peer's name, and the address and token of the relay. */
  readonly peer: FoundPeer;
  /** The files whose content it is made of. */
  readonly from: readonly string[];
}

/** A file that was read and recognised, with the whole path that rows name it by. */
export interface SourceFile {
  readonly path: string;
  readonly parsed: Parsed;
}

/** All rows, in the order of the files. */
export function planRows(
  sources: readonly SourceFile[],
  book: ImportBook,
  relayToken: string | null,
): PlannedRow[] {
  const names = new Set<string>();
  const addresses = new Map<string, string>();
  const counts = new Map<string, number>();
  const found = [...configRows(sources), ...meshRows(sources), ...relayRows(sources, relayToken)];
  return found.map((one): PlannedRow => {
    const path = one.from[0] ?? '';
    const number = (counts.get(path) ?? 0) + 1;
    counts.set(path, number);
    const { what = 'peer' } = one;
    const outcome = one.cannot === null ? settle(one, book, addresses) : refusal(one.cannot);
    const host = hostName(outcome.address);
    const wished =
      what === 'relay' ? (host ?? 'Relay') : (one.peer.name ?? host ?? 'Imported peer');
    const isNewPeer = what === 'peer' && outcome.outcome === 'add';
    const name = isNewPeer ? freeName(wished, names, book) : wished;
    if (outcome.outcome === 'add') {
      if (isNewPeer) names.add(name.toLowerCase());
      if (outcome.address !== null) addresses.set(outcome.address, name);
    }
    return {
      peer: one.peer,
      from: one.from,
      row: {
        id: rowId(path, number),
        path,
        what,
        name,
        nickname: one.peer.nickname,
        token: one.peer.token === null ? 'none' : (one.tokenFrom ?? 'found'),
        ...outcome,
      },
    };
  });
}

/** The same for the same row of the same file, whatever other files are read with it. */
const rowId = (path: string, number: number): string =>
  createHash('sha256').update(`${number}:${path}`).digest('hex').slice(0, 32);

interface Found {
  readonly peer: FoundPeer;
  readonly from: readonly string[];
  /** Why nothing can be made of it, whatever else stands there. */
  readonly cannot: string | null;
  /** Absent = a peer. */
  readonly what?: 'relay';
  /** Absent = a file. */
  readonly tokenFrom?: 'environment';
}

function configRows(sources: readonly SourceFile[]): Found[] {
  return sources.flatMap(({ path, parsed }) =>
    parsed.kind === 'peer_config' && parsed.peer
      ? [{ peer: parsed.peer, from: [path], cannot: null }]
      : [],
  );
}

/** Registry and tokens are joined by their key; what has no partner says so. */
function meshRows(sources: readonly SourceFile[]): Found[] {
  const tokens = new Map<string, { readonly token: string; readonly path: string }>();
  for (const { path, parsed } of sources)
    if (parsed.kind === 'mesh_tokens')
      for (const [key, token] of parsed.tokens)
        if (!tokens.has(key)) tokens.set(key, { token, path });
  const rows: Found[] = [];
  const used = new Set<string>();
  for (const { path, parsed } of sources) {
    if (parsed.kind !== 'mesh_registry') continue;
    for (const agent of parsed.agents) {
      const held = agent.key === null ? undefined : tokens.get(agent.key);
      if (agent.key !== null) used.add(agent.key);
      rows.push({
        peer: {
          name: agent.name ?? agent.key,
          nickname: agent.nickname,
          address: agent.ip,
          token: held?.token ?? null,
          agentId: null,
          notes: agent.notes,
        },
        from: held ? [path, held.path] : [path],
        cannot: null,
      });
    }
  }
  for (const [key, { token, path }] of tokens)
    if (!used.has(key))
      rows.push({
        peer: { name: key, nickname: null, address: null, token, agentId: null, notes: '' },
        from: [path],
        cannot: 'A token without an address. Choose registry.json too, which holds the addresses.',
      });
  return rows;
}

/** The client takes its token from its environment, wherever its file names none. */
function relayRows(sources: readonly SourceFile[], relayToken: string | null): Found[] {
  return sources.flatMap(({ path, parsed }): Found[] => {
    if (parsed.kind !== 'agent_state') return [];
    const { relayUrl, agentName, token } = parsed;
    const fromOutside = token === null && relayToken !== null;
    const peer = {
      name: agentName,
      nickname: null,
      address: relayUrl,
      token: token ?? relayToken,
      agentId: null,
      notes: '',
    };
    const found: Found = { peer, from: [path], cannot: null, what: 'relay' };
    return [fromOutside ? { ...found, tokenFrom: 'environment' } : found];
  });
}

type Outcome = Pick<ImportRow, 'address' | 'outcome' | 'text' | 'peerId'>;

const refusal = (text: string, address: string | null = null): Outcome => ({
  address,
  outcome: 'cannot',
  text,
  peerId: null,
});

function settle(found: Found, book: ImportBook, addresses: ReadonlyMap<string, string>): Outcome {
  const { peer } = found;
  const isRelay = found.what === 'relay';
  if (peer.address === null) return refusal('No address stands there.');
  const read = isRelay ? book.normaliseRelayUrl(peer.address) : book.normaliseUrl(peer.address);
  if (!read.ok) return refusal(`${read.error.title}. ${read.error.detail}`);
  const { url } = read.value;
  // A relay may well run here.
  if (!isRelay && book.isHere(url)) return refusal('This is the address of this machine.', url);
  const known = isRelay ? null : book.at(url);
  const there = isRelay ? book.relayAt(url) : known;
  if (there)
    return {
      address: url,
      outcome: 'present',
      text: `Already there as “${there.name}”. It stays as it is.`,
      peerId: known?.id ?? null,
    };
  const double = addresses.get(url);
  if (double !== undefined) return refusal(`The same address as “${double}” above.`, url);
  return {
    address: url,
    outcome: 'add',
    text: isRelay ? relayText(found) : tokenText(found),
    peerId: null,
  };
}

function tokenText({ peer, tokenFrom }: Found): string {
  if (peer.token === null) return 'Will be added without a token. You enter it when it asks.';
  return tokenFrom === 'environment'
    ? 'Will be added. Its token, from CLAWLINK_TOKEN, goes into the keychain.'
    : 'Will be added. Its token goes into the keychain.';
}

function relayText(found: Found): string {
  const { name } = found.peer;
  const who = name === null ? 'You are on it' : `You are “${name}” on it`;
  return `A relay. ${tokenText(found)} ${who}, under a new id: the other tool keeps its own.`;
}

function hostName(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  return new URL(address).hostname.slice(0, 80) || null;
}

/** The name itself, or the first of `name 2`, `name 3`... that nobody has. */
function freeName(wished: string, taken: ReadonlySet<string>, book: ImportBook): string {
  for (let number = 1; number < 10_000; number++) {
    const ending = number === 1 ? '' : ` ${number}`;
    const name = `${wished.slice(0, 80 - ending.length).trimEnd()}${ending}`;
    if (!taken.has(name.toLowerCase()) && !book.nameTaken(name)) return name;
  }
  return wished;
}
