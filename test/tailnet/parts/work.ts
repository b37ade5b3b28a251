/** Giving and taking work by the windows of two people. */
import { ALL_SCOPES, createDevice, RawClient } from '../../real/parts/openclaw.ts';
import type { Seat } from './seat.ts';
import { openInbox, press, seen, showPanes } from './walk.ts';

/** What is asked of somebody. */
export interface Work {
  readonly to: string;
  readonly topic: string;
  readonly task: string;
  readonly file?: { readonly name: string; readonly text: string };
}

/** Delegates from the board. */
export async function delegate(seat: Seat, { to, topic, task, file }: Work): Promise<void> {
  const { page } = seat;
  await openInbox(seat);
  await press(page, 'Delegate');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Topic').fill(topic);
  const choice = dialog.getByLabel('To', { exact: true });
  const name = await choice.locator('option', { hasText: to }).first().textContent();
  await choice.selectOption({ label: name ?? '' });
  await dialog.getByLabel('Task').fill(task);
  if (file)
    await dialog.locator('input[type=file]').setInputFiles({
      name: file.name,
      mimeType: 'text/plain',
      buffer: Buffer.from(file.text),
    });
  await dialog.getByRole('button', { name: 'Delegate', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The card of work that came in, in the inbox. */
export async function incoming(seat: Seat, caller: string, topic: string) {
  await openInbox(seat);
  const card = seat.page
    .getByRole('article', { name: `Asked by ${caller}` })
    .filter({ hasText: topic });
  await card.waitFor();
  return card;
}

/** The card of work that was given away, among what is under way or over. */
export async function outgoing(seat: Seat, peer: string, topic: string, which: RegExp) {
  await openInbox(seat);
  await seat.page.getByRole('radio', { name: which }).click();
  const card = seat.page
    .getByRole('article', { name: `Asked of ${peer}` })
    .filter({ hasText: topic });
  await card.waitFor();
  return card;
}

/** Writes into the thread with a peer that is open. */
export async function writeTo({ page }: Seat, peer: string, text: string): Promise<void> {
  const field = page.getByPlaceholder(`Message ${peer}`);
  await field.fill(text);
  await field.press('Enter');
}

/** Opens the peer's thread. */
export async function openPeer(seat: Seat, peer: string): Promise<void> {
  await showPanes(seat);
  await seat.page.getByRole('option', { name: new RegExp(`^${peer}`) }).click();
}

/** What the list of notices says. */
export async function notices(seat: Seat): Promise<string> {
  const { page } = seat;
  await showPanes(seat);
  await press(page, /^Notices/);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  const text = (await dialog.textContent()) ?? '';
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  return text;
}

/** Adds an agent by its address and a token that its owner made. */
export async function connectAgent(
  seat: Seat,
  url: string,
  token: string,
  name: string,
): Promise<void> {
  const { page } = seat;
  await showPanes(seat);
  await press(page, 'Connect a peer');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'A2A agent' }).click();
  await dialog.getByLabel('Address').fill(url);
  await dialog.locator('input[type=password]').fill(token);
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('button', { name: /^add/i }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Ends the partnership from the peer's page. */
export async function endPartnership(seat: Seat, peer: string): Promise<void> {
  const { page } = seat;
  await openPeer(seat, peer);
  await press(page, 'More about this peer');
  await press(page, 'End partnership');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'End the partnership', exact: true }).click();
  await seen(page, new RegExp(`^The partnership with ${peer} is ended`));
}

/** The person's own OpenClaw at their gateway, where commands are asked about. */
export async function openApprovals({ computer, gateway }: Seat): Promise<RawClient> {
  const socket = await computer.reachInside(gateway.port);
  return RawClient.connect({
    url: `ws+unix://${socket}:/`,
    token: gateway.token ?? '',
    device: createDevice(),
    scopes: ALL_SCOPES,
    caps: ['approvals', 'exec-approvals'],
    displayName: 'OpenClaw at home',
  });
}
