/** What the practice peer says. It helps a newcomer to try the app, and never pretends to be more. */

/** A file of a question; of its content only the length is looked at. */
export interface TurnFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: number;
}

/** What the scripted agent is asked. */
export interface AgentTurn {
  readonly sessionKey: string;
  readonly agentId: string;
  readonly key: string;
  readonly text: string;
  readonly files: readonly TurnFile[];
  /** How many questions this session had before. */
  readonly earlier: number;
}

/** How it answers: pieces of text, and their pace. */
export interface AgentReply {
  readonly chunks: readonly string[];
  readonly firstMs: number;
  readonly chunkMs: number;
  /** Ends the run with this error instead of an answer. */
  readonly fail?: string;
  /** Waits here after so many chunks until the promise settles. */
  readonly hold?: { readonly after: number; readonly until: Promise<void> };
  /** Sends only the new text in each delta, without the text so far. */
  readonly bareDeltas?: boolean;
}

/** What is answered to a question, and at which pace; a test brings one of its own. */
export type Agent = (turn: AgentTurn) => AgentReply;

interface Topic {
  readonly words: RegExp;
  readonly answer: string;
}

const HELP = `Here is what you can try with me:

- **long** – I write a longer answer, so that you can press *Stop* in the middle.
- **file** – attach a file, and I tell you what arrived.
- **table** or **code** – to see how answers are shown.
- **slow** – I think for five seconds first. Close the window meanwhile: the answer waits for you.
- **real** – how to connect a real OpenClaw gateway.`;

const TOPICS: readonly Topic[] = [
  {
    words: /\b(real|connect|gateway|token|add|next)\b/i,
    answer: `To work with a real agent you need an OpenClaw gateway: your own or a friend's.

1. Choose *Connect a peer* and give its address, for example \`ws://100.64.0.2:18789\`.
2. Enter its token. It goes into your keychain, and nowhere else.
3. If that gateway wants to approve your device first, you see the exact command for the person over there.

From then on it looks just like this conversation, except that the answers are good.`,
  },
  {
    words: /\b(offline|lost|crash|lid|deliver|delivery|twice|queue)\b/i,
    answer: `A message is on your disk before you see *queued*. If the connection breaks, it waits and is sent later, under the same key.

If a connection breaks at the very moment of sending, the app looks into the peer's history before it sends anything again, so that no work is done twice.`,
  },
  {
    words: /\btable\b/i,
    answer: `| Mark | Means |
| --- | --- |
| queued | safe on your disk |
| sent | the gateway said that it has it |
| delivered | it stands in the agent's history |
| answered | the answer is here |`,
  },
  {
    words: /\bcode\b/i,
    answer:
      'A small one:\n\n```ts\nconst peers = ["you", "me"];\nconsole.log(peers.join(" & "));\n```',
  },
  {
    words: /\b(long|story|essay)\b/i,
    answer: Array.from(
      { length: 12 },
      (_, index) =>
        `Paragraph ${index + 1} of 12. I am a script, so this goes on for a while and says little. Press *Stop* whenever you like: what came so far stays in the thread, marked as stopped.`,
    ).join('\n\n'),
  },
  {
    words: /\b(who|what) are you\b|\bpractice\b|\breal person\b|\bai\b/i,
    answer: `I am the practice peer: a small gateway inside Peerage, on this machine only. I speak the real protocol, but behind me is a script and no model. Nothing that you write to me leaves this computer.`,
  },
  {
    words: /\b(thank|thanks|bye|good)\b/i,
    answer:
      'You are welcome. When you have a real peer, you can remove me on my page; I do not mind.',
  },
];

const GREETING = `Hello. I am the practice peer: a script on your own machine that behaves like someone's OpenClaw agent, so that you can see how Peerage works before you connect a real one.

You have just sent a message, and this answer streams in as a real one would. Write **help** for things to try.`;

const describeFile = (file: TurnFile): string => {
  const size =
    file.bytes < 1024
      ? `${file.bytes} bytes`
      : file.bytes < 1024 * 1024
        ? `${(file.bytes / 1024).toFixed(1)} KB`
        : `${(file.bytes / 1024 / 1024).toFixed(1)} MB`;
  return `- **${file.name}** (${file.mimeType || 'unknown type'}, ${size})`;
};

function answerTo(turn: AgentTurn): string {
  if (turn.files.length > 0) {
    const files = turn.files.map(describeFile).join('\n');
    const many = turn.files.length === 1 ? 'One file' : `${turn.files.length} files`;
    return `${many} arrived whole:\n\n${files}\n\nA real agent would read it now. I only count the bytes.`;
  }
  if (turn.text.trim().endsWith('?') && /help|can (you|i)|try/i.test(turn.text)) return HELP;
  if (/\bhelp\b/i.test(turn.text)) return HELP;
  if (/\bfiles?\b|\battach/i.test(turn.text)) {
    return 'Attach one with the paper clip, or drop it on the thread, and send it. I tell you its name, type and size.';
  }
  const topic = TOPICS.find((entry) => entry.words.test(turn.text));
  if (topic) return topic.answer;
  if (turn.earlier === 0) return GREETING;
  const heard = turn.text.trim().replace(/\s+/g, ' ').slice(0, 80);
  return `You wrote “${heard}”. I am only a script and have no answer to that. Write **help** to see what I can show you.`;
}

/** Cuts a text into words with the space that follows, so that it streams as a model does. */
export const words = (text: string): string[] => text.match(/\S+\s*/g) ?? [text];

/** The agent behind the practice peer. */
export const newcomerAgent: Agent = (turn) => ({
  chunks: words(answerTo(turn)),
  firstMs: /\bslow\b/i.test(turn.text) ? 5000 : 350,
  chunkMs: 28,
});
