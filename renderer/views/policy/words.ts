import type { PeerPolicy, PolicyView } from '../../../electron/contract/index.ts';
import { counted } from '../../words/count.ts';

type Mode = PeerPolicy['mode'];

/** The three answers to *what may they do here without me?* */
export const modeOptions: readonly { readonly value: Mode; readonly text: string }[] = [
  { value: 'ask', text: 'Ask me' },
  { value: 'auto', text: 'Let through' },
  { value: 'block', text: 'Block' },
];

/** What each means, in full. */
export const modeWords: Readonly<Record<Mode, string>> = {
  ask: 'Everything they ask for waits in your inbox until you decide.',
  auto: 'What they ask for goes to your agent without you, within a budget, and its answer back to them, with files of its workspace that it names. Over the budget, it waits for you.',
  block: 'Nothing they ask for is taken in. They are told so. What you ask of them goes on.',
};

/** `22:00`, from minutes since midnight; what a time field of the platform takes too. */
export const timeText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Minutes since midnight, from `22:00`; null where it is no time. */
export function minutesOf(text: string): number | null {
  const [hours, minutes] = text.split(':').map(Number);
  if (hours === undefined || minutes === undefined) return null;
  const value = hours * 60 + minutes;
  return Number.isInteger(value) && value >= 0 && value < 1440 ? value : null;
}

/** `22:00 to 07:00`. */
export function quietText({ quiet }: Pick<PeerPolicy, 'quiet'>): string {
  if (quiet === null) return 'None';
  return quiet.from === quiet.to ? 'All day' : `${timeText(quiet.from)} to ${timeText(quiet.to)}`;
}

/** `2 of 10 tasks, 5 of 60 minutes`. */
export const usedText = ({ policy, used }: Pick<PolicyView, 'policy' | 'used'>): string =>
  `${used.tasks} of ${counted(policy.tasksPerDay, 'task')}, ${used.minutes} of ${counted(policy.minutesPerDay, 'minute')}`;
