/** Every verb with its arguments: help, parsing and completion are made of this one table. */
export interface Flag {
  readonly name: string;
  /** What its value is; absent = a switch. */
  readonly value?: string;
  readonly help: string;
  /** What completion offers; of a list, nothing else is taken. */
  readonly choices?: readonly string[] | 'peers' | 'files';
}

export interface Verb {
  readonly name: string;
  /** `PEER [TEXT]` */
  readonly usage: string;
  readonly summary: string;
  /** Least and most positionals. */
  readonly takes: readonly [number, number];
  readonly flags: readonly Flag[];
  readonly examples: readonly string[];
  /** What the first positional is, for completion. */
  readonly first?: 'peers' | readonly string[];
}

export const KINDS = [
  ...['message', 'status', 'insight', 'review', 'feedback', 'milestone', 'blocker', 'question'],
  'close',
] as const;
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;

export const GLOBAL: readonly Flag[] = [
  {
    name: 'home',
    value: 'DIR',
    help: 'the home of that Peerage (or set PEERAGE_HOME)',
    choices: 'files',
  },
  { name: 'json', help: 'one JSON object, in the documented form' },
  { name: 'start', help: 'start Peerage without a window where it does not run' },
  { name: 'as', value: 'NAME', help: 'what this agent calls itself (or set PEERAGE_AGENT)' },
  { name: 'help', help: 'help, for this command where one is named' },
  { name: 'version', help: 'the version of this command' },
];

const flag = (name: string, help: string, value?: string, choices?: Flag['choices']): Flag => ({
  name,
  help,
  ...(value === undefined ? {} : { value }),
  ...(choices === undefined ? {} : { choices }),
});
const wait = flag('wait', 'wait for the answer, and for the person where one is asked');
const timeout = flag('timeout', 'seconds to wait (60)', 'SECONDS');
const topic = flag('topic', 'what it is about', 'WORDS');
const agentThere = flag('agent', 'the agent over there', 'ID');
const dryRun = flag('dry-run', 'show what would go where, and send nothing');
const priority = flag('priority', 'how urgent it is (normal)', 'WORD', PRIORITIES);

const verb = (
  name: string,
  usage: string,
  summary: string,
  takes: readonly [number, number],
  flags: readonly Flag[],
  examples: readonly string[],
  first?: Verb['first'],
): Verb => ({ name, usage, summary, takes, flags, examples, ...(first ? { first } : {}) });

export const VERBS: readonly Verb[] = [
  verb('whoami', '', 'who you are to your peers', [0, 0], [], ['peerage whoami --json']),
  verb(
    'status',
    '',
    'whether Peerage runs, and how its peers are',
    [0, 0],
    [],
    ['peerage status', 'peerage status --json   # with the reception’s address on this machine'],
  ),
  verb(
    'peers',
    '',
    'the peers, as the window lists them',
    [0, 0],
    [
      flag('online', 'only those that can be reached now'),
      flag('can', 'only those that can do it', 'TAG'),
    ],
    ['peerage peers --online', 'peerage peers --can review --json'],
  ),
  verb(
    'check',
    'PEER',
    'climb the ladder to a peer now, rung by rung',
    [1, 1],
    [],
    ['peerage check Ada'],
    'peers',
  ),
  verb(
    'send',
    'PEER [TEXT]',
    'write to a peer’s agent; the text from stdin where it is not an argument',
    [1, 2],
    [
      flag('session', 'id or title of a thread; a new one where none has it', 'THREAD'),
      agentThere,
      flag('kind', 'what kind of message (message)', 'KIND', KINDS),
      topic,
      wait,
      timeout,
      flag('rounds', 'send the answer back as the next message, so many times in all', 'N'),
      dryRun,
    ],
    [
      'echo "Is the build green?" | peerage send Ada --wait',
      'peerage send Ada --kind question --topic CI --dry-run "Is it green?"',
      'peerage send Ada -- "--a text that begins with dashes"',
    ],
    'peers',
  ),
  verb(
    'delegate',
    'PEER',
    'give a peer’s agent a piece of work',
    [1, 1],
    [
      flag('task', 'the work; from stdin where it is not given', 'TEXT'),
      flag('context', 'more for it, as JSON or @file', 'JSON', 'files'),
      topic,
      agentThere,
      flag('expected', 'what should come back', 'TEXT'),
      priority,
      flag('deadline', 'a date, or 30m, 2h, 3d from now', 'WHEN'),
      wait,
      timeout,
      dryRun,
    ],
    [
      'peerage delegate Ada --task "Review the patch" --deadline 2h --wait',
      'peerage delegate Ada --context @patch.json < task.txt',
    ],
    'peers',
  ),
  verb(
    'respond',
    'ID',
    'answer a question or a message that came in, by its id from the inbox',
    [1, 1],
    [
      flag('status', 'how far it is (completed)', 'WORD', ['in_progress', 'completed', 'failed']),
      flag('result', 'the answer; from stdin where it is not given', 'TEXT'),
      wait,
      timeout,
      dryRun,
    ],
    ['peerage respond 0190… --status completed --result "Done, see the log."'],
  ),
  verb(
    'inbox',
    '',
    'what came in: work, answers and messages',
    [0, 0],
    [
      flag('watch', 'stay, and tell what comes'),
      flag('since-last', 'only what this agent was not told yet; silent where there is nothing'),
      flag('limit', 'at most so many (20)', 'N'),
    ],
    ['peerage inbox --since-last   # for a heartbeat', 'peerage inbox --watch --json'],
  ),
  verb(
    'broadcast',
    '[TEXT]',
    'tell many peers; returns when the last of them is final',
    [0, 1],
    [
      flag('to', 'all, names separated by commas, or group:NAME', 'WHOM', 'peers'),
      flag('relay', 'instead: everybody on this relay, by its own broadcast', 'NAME'),
      topic,
      flag('tags', 'tags separated by commas', 'A,B'),
      wait,
      timeout,
      dryRun,
    ],
    [
      'peerage broadcast --to all --topic release --dry-run "1.4 is out"',
      'peerage broadcast --to Ada,group:Ops --wait < news.txt',
      'peerage broadcast --relay Team --topic build --wait "The build is green"',
    ],
  ),
  verb(
    'files',
    'list|get|put [KEY]',
    'files that are shared over a relay',
    [1, 2],
    [
      flag('relay', 'which relay, where there are several', 'NAME'),
      flag('output', 'write what was got into a file', 'PATH', 'files'),
      flag('file', 'put this file; else stdin', 'PATH', 'files'),
      flag('type', 'what it is (text)', 'WORD'),
      flag('base', 'the version that you read; without it, a new file', 'N'),
      wait,
      timeout,
    ],
    [
      'peerage files list --json',
      'peerage files get notes.md --output notes.md',
      'peerage files put notes.md --base 3 --wait < notes.md',
    ],
    ['list', 'get', 'put'],
  ),
  verb(
    'knowledge',
    '',
    'what was learnt by broadcasts',
    [0, 0],
    [
      flag('topic', 'only of this topic', 'WORDS'),
      flag('search', 'only with these words', 'WORDS'),
    ],
    ['peerage knowledge --search "build cache"'],
  ),
  verb(
    'log',
    'PEER',
    'what was said with a peer, the newest last',
    [1, 1],
    [
      flag('markdown', 'as the dated log that peers keep'),
      flag('limit', 'at most so many messages (50)', 'N'),
    ],
    ['peerage log Ada --limit 10', 'peerage log Ada --markdown >> shared-log.md'],
    'peers',
  ),
  verb('show', '', 'bring the window forward', [0, 0], [], ['peerage show']),
  verb(
    'doctor',
    '',
    'look at everything that can be wrong, and say what to do',
    [0, 0],
    [],
    ['peerage doctor'],
  ),
  verb(
    'mcp',
    '',
    'serve the same verbs to an MCP client, over stdin and stdout',
    [0, 0],
    [],
    ['peerage mcp --as "My editor"'],
  ),
  verb(
    'skill',
    'install|remove|show',
    'the skill that teaches an OpenClaw agent these verbs',
    [1, 1],
    [flag('openclaw', 'OpenClaw’s folder (~/.openclaw)', 'DIR', 'files')],
    ['peerage skill install', 'peerage skill remove'],
    ['install', 'remove', 'show'],
  ),
  verb(
    'completion',
    'bash|zsh|fish|names',
    'completion for a shell; names: those of the peers, one a line, which it asks for',
    [1, 1],
    [],
    ['peerage completion bash > ~/.local/share/bash-completion/completions/peerage'],
    ['bash', 'zsh', 'fish', 'names'],
  ),
];
