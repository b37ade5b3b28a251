/** What somebody may have meant: a word that is nearly there, or one of the skills that this replaces. */

/** Commands of those skills, and what is typed here (docs/from-other-skills.md). */
const COMMANDS_THERE: Readonly<Record<string, string>> = {
  list: 'peerage peers',
  ping: 'peerage check PEER',
  discover: 'peerage peers --online',
  poll: 'peerage inbox --since-last',
  info: 'peerage status',
  'file-list': 'peerage files list',
  'file-get': 'peerage files get KEY',
  'file-put': 'peerage files put KEY',
};

/** What those skills do by a command, and the app by itself or the person in the window. */
const DONE_HERE: Readonly<Record<string, string>> = {
  register: 'the app does it when the person adds a relay in the window',
  heartbeat: 'the app does it',
  scan: 'the person looks for relays in the window',
  sync: 'peers are in the app, and come by invites',
};

const PEER_FIRST = 'the peer stands right after the command';
const STDIN = 'the text comes on stdin, or as the last argument';
const NO_SECRETS = 'peers, relays and their tokens are in the app, and never an argument';

/** Options of those skills: of one command, or of all. */
const OPTIONS_THERE: Readonly<Record<string, string>> = {
  'send:to': PEER_FIRST,
  'check:to': PEER_FIRST,
  'delegate:to': PEER_FIRST,
  'respond:to': 'an answer goes to whoever asked',
  'respond:msg-id': 'the id stands right after the command',
  'send:message': STDIN,
  'broadcast:message': STDIN,
  'broadcast:content': STDIN,
  'files:key': 'the key stands right after list, get or put',
  token: NO_SECRETS,
  relay: NO_SECRETS,
  url: NO_SECRETS,
};

/** More about a command that is not there: what it is called here, or the nearest. '' where nothing fits. */
export function aboutCommand(name: string, names: readonly string[]): string {
  if (Object.hasOwn(COMMANDS_THERE, name)) return `Here it is ${COMMANDS_THERE[name]}.`;
  if (Object.hasOwn(DONE_HERE, name)) return `Here ${DONE_HERE[name]}.`;
  const near = nearest(name, names);
  return near === null ? '' : `Did you mean ${near}?`;
}

/** The same of an option, its name without dashes. */
export function aboutOption(verb: string | null, name: string, names: readonly string[]): string {
  const there = [`${verb}:${name}`, name].find((key) => Object.hasOwn(OPTIONS_THERE, key));
  if (there !== undefined) return `Here ${OPTIONS_THERE[there]}.`;
  const near = nearest(name, names);
  return near === null ? '' : `Did you mean --${near}?`;
}

/** The one word that is nearest, where one is near enough and no other is as near. */
export function nearest(word: string, words: readonly string[]): string | null {
  if (word.length < 2 || word.length > 40) return null;
  const begun = words.filter((one) => one.startsWith(word));
  if (begun.length === 1) return begun[0] ?? null;
  let found: string | null = null;
  let best = word.length < 5 ? 2 : 3;
  for (const one of words) {
    const far = distance(word, one);
    if (far > best) continue;
    found = far === best ? null : one;
    best = far;
  }
  return best <= (word.length < 5 ? 1 : 2) ? found : null;
}

/** Letters that are more, missing, others or changed with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const least = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(swapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
