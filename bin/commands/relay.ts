/** What goes to a whole relay: which one is meant, and asking for it. */
import type { Ask } from '../../electron/contract/index.ts';
import type { Door } from '../door.ts';
import { Ending, EXIT, failureOf } from '../exits.ts';
import { type Asked, textOption } from '../parse.ts';
import { plainLine } from '../terminal.ts';
import type { Outcome, Shell } from './command.ts';
import { follow, requestExit, requestFailure } from './follow.ts';

type RelayId = NonNullable<Extract<Ask, { verb: 'put' }>['relayId']>;

/** The relay that `--relay` names, or the only one, by its whole name. @throws Ending not found, ambiguous */
export async function relayOf(
  door: Door,
  asked: Asked,
): Promise<{ readonly relayId: RelayId; readonly name: string }> {
  const named = textOption(asked, 'relay')?.toLowerCase() ?? '';
  const { relays } = await door.call('relay.list', {});
  const found = relays.filter((relay) => relay.name.toLowerCase().startsWith(named));
  const exact = found.find((relay) => relay.name.toLowerCase() === named);
  const one = exact ?? (found.length === 1 ? found[0] : undefined);
  if (one) return { relayId: one.id, name: one.name };
  if (relays.length === 0) {
    const words = 'There is no relay yet. The person adds one in the window.';
    throw new Ending(EXIT.notFound, 'relay.not_found', words);
  }
  const names = (found.length === 0 ? relays : found).map((one) => plainLine(one.name)).join(', ');
  throw found.length === 0
    ? new Ending(EXIT.notFound, 'relay.not_found', `No relay has that name. There are: ${names}.`)
    : new Ending(EXIT.ambiguous, 'relay.ambiguous', `Name one with --relay: ${names}.`);
}

/**
 * Asks for it, and with `--wait` waits for the person. What a relay took is done: no answer follows.
 * @param seconds how long it is waited.
 * @param words `done` is said once the relay has it; the rest goes into the JSON.
 * @throws Ending refused, denied, failed
 */
export async function askRelay(
  shell: Shell,
  door: Door,
  ask: Ask,
  seconds: number,
  { done, ...more }: { readonly done: string } & Readonly<Record<string, string>>,
): Promise<Outcome> {
  const { asked, now, terminal } = shell;
  let { request } = await door.call('door.ask', { agent: shell.agent, ask });
  if (asked.values.wait === true) {
    const until = now() + seconds * 1_000;
    const { progress, err } = terminal;
    const following = { until, now, progress, err, onInterrupt: shell.onInterrupt };
    ({ request } = await follow(door, request, following));
  }
  const waits = request.state === 'waiting' && asked.values.wait !== true;
  const exit = waits ? EXIT.done : requestExit(request);
  const json = { request: request.id, state: request.state, ...more };
  if (exit !== EXIT.done) {
    const { code, message } = request.error ? failureOf(request.error) : requestFailure(request);
    throw new Ending(exit, code, message, json);
  }
  return { exit, json, lines: [waits ? 'The person is asked first.' : done] };
}
