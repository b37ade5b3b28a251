/** Giving and taking work by the windows of two people. */
import type { Locator } from 'playwright-core';
import { ALL_SCOPES, createDevice, RawClient } from '../../real/parts/openclaw.ts';
import type { OpenClawHome } from './openclaw-home.ts';
import type { Seat } from './seat.ts';
import { goToStep, openInbox, openSetup, press, seen, showPanes } from './walk.ts';

/** What is asked of somebody. */
export interface Work {
  readonly to: string;
  readonly topic: string;
  readonly task: string;
  readonly file?: { readonly name: string; readonly text: string };
}

/** Fills in the form for work, from the board. @returns the form */
export async function fillDelegation(seat: Seat, { to, topic, task, file }: Work) {
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
  return dialog;
}

/** Delegates from the board. */
export async function delegate(seat: Seat, work: Work): Promise<void> {
  await sendDelegation(await fillDelegation(seat, work));
}

/** Sends what was filled in. */
export async function sendDelegation(dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Delegate', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The card of work that came in, in the inbox: among what waits, unless `which` says otherwise. */
export async function incoming(seat: Seat, caller: string, topic: string, which?: RegExp) {
  await openInbox(seat);
  if (which) await seat.page.getByRole('radio', { name: which }).click();
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

/** What the list of notices says; `look` is told while it is open. */
export async function notices(seat: Seat, look: () => Promise<void>): Promise<string> {
  const { page } = seat;
  await showPanes(seat);
  await press(page, /^Notices/);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  const text = (await dialog.textContent()) ?? '';
  await look();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  return text;
}

/** What somebody without Peerage gave us, to reach what they have. */
export interface OtherSide {
  readonly what: 'OpenClaw gateway' | 'A2A agent';
  readonly url: string;
  readonly token: string;
  /** What we call it. */
  readonly name: string;
}

/** Adds a peer without an invite, from the setup. `look` is told when the check has its result. */
export async function connectByToken(
  seat: Seat,
  { what, url, token, name }: OtherSide,
  look: () => Promise<void>,
): Promise<void> {
  const { page } = seat;
  await openSetup(seat);
  await goToStep(page, 'The peer');
  await page.locator('summary', { hasText: 'Advanced' }).click();
  await press(page, 'Connect by address and token');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: what }).click();
  await dialog.getByLabel('Address').fill(url);
  await dialog.locator('input[type=password]').fill(token);
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await look();
  await dialog.getByRole('button', { name: /^add/i }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Opens the thread of work that was given away. */
export async function openThreadOf(
  seat: Seat,
  peer: string,
  topic: string,
  which: RegExp,
): Promise<void> {
  const card = await outgoing(seat, peer, topic, which);
  await card.getByRole('button', { name: 'Open thread' }).click();
  await seat.page.locator('.thread').waitFor();
}

/** Saves a file of the open thread by a click. @returns its bytes */
export async function saveFile({ page }: Seat, name: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTitle(`Save ${name}`).click(),
  ]);
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Ends the partnership from the peer's page. @returns what is told of it */
export async function endPartnership(seat: Seat, peer: string): Promise<string> {
  const { page } = seat;
  await openPeer(seat, peer);
  await press(page, 'More about this peer');
  await press(page, 'End partnership');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'End the partnership', exact: true }).click();
  await seen(page, new RegExp(`^The partnership with ${peer} is ended`));
  return (await dialog.textContent()) ?? '';
}

/** The person's own OpenClaw at their gateway, where commands are asked about. */
export async function openApprovals({ computer, gateway }: OpenClawHome): Promise<RawClient> {
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
