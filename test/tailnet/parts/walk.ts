/** Going through the setup by its window, as a person does. Each step waits for what it promises. */
import type { Page } from 'playwright-core';
import type { Headscale } from './headscale.ts';
import type { Seat } from './seat.ts';

/** Presses a button that is named exactly so, or by a pattern. */
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();

/** Waits until a text is there. */
export const seen = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByText(text).first().waitFor();

/** The text of a field for copying, by its label. */
export async function copied(page: Page, label: string): Promise<string> {
  const field = page.locator('.copy-field').filter({ hasText: label }).first();
  return (await field.locator('code').textContent()) ?? '';
}

/** Opens the setup from the window's list of commands. */
export async function openSetup({ page }: Seat): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Go to a peer, or do something').fill('step by step');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Steps of the setup' }).waitFor();
}

/** Leaves whatever page stands in the place of the panes. */
export async function showPanes({ page }: Seat): Promise<void> {
  const close = page.getByRole('button', { name: /^Close the (?:setup|inbox)$/ });
  const places = page.getByRole('button', { name: /^Inbox/ });
  await close.or(places).first().waitFor();
  if (await close.isVisible()) await close.click();
  await places.waitFor();
}

/** Opens the inbox, whatever is on the screen. */
export async function openInbox(seat: Seat): Promise<void> {
  const { page } = seat;
  await showPanes(seat);
  await press(page, /^Inbox/);
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
}

/** Opens the page of the own gateway. */
export async function openOwnGateway(seat: Seat): Promise<void> {
  const { page } = seat;
  await showPanes(seat);
  await press(page, /^This machine/);
  await page.getByRole('menuitem', { name: /^Own gateway/ }).click();
}

/** Goes to a step by the list at the left. */
export const goToStep = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('navigation', { name: 'Steps of the setup' })
    .getByRole('button', { name: new RegExp(name) })
    .click();

/** Told what stands on the screen, for pictures. */
export type Look = (name: string) => Promise<void>;
const unseen: Look = async () => undefined;

/** The first start: the welcome, then Tailscale is found. */
export async function findTailscale({ page }: Seat, look = unseen): Promise<void> {
  await seen(page, 'Welcome to Peerage');
  await press(page, /^Set up step by step/);
  await seen(page, /^Tailscale \S+ is installed$/);
  await look('setup-1-tailscale');
  await press(page, 'Continue');
}

async function nameServer(page: Page, control: Headscale): Promise<void> {
  await page.locator('summary', { hasText: 'Advanced' }).click();
  await page.getByLabel('Login server').fill(control.url);
}

const joined = (page: Page): Promise<void> => seen(page, /^This machine is in the tailnet/);

/** Joins by the link, which its administrator approves. */
export async function joinByLink(seat: Seat, control: Headscale, look = unseen): Promise<void> {
  const { page, computer } = seat;
  await nameServer(page, control);
  await press(page, 'Get a login link');
  await seen(page, 'Waiting for your login');
  await look('setup-2-tailnet');
  await control.register(await copied(page, 'Login link'), computer.owner);
  await joined(page);
  await press(page, 'Continue');
}

/** Joins with a key that is good for once. */
export async function joinByKey(seat: Seat, control: Headscale): Promise<void> {
  const { page, computer } = seat;
  const { key } = await control.createKey(computer.owner);
  await page.getByRole('radio', { name: 'With an auth key' }).click();
  await nameServer(page, control);
  await page.getByLabel('Auth key').fill(key);
  await press(page, 'Join with this key');
  await joined(page);
  await press(page, 'Continue');
}

/** Lets the app use the gateway of its machine. */
export async function takeGateway({ page }: Seat, look = unseen): Promise<void> {
  await goToStep(page, 'Your gateway');
  await seen(page, 'Your gateway runs, and is ready');
  await look('setup-3-gateway');
  await press(page, 'Use this gateway');
  await press(page, 'Continue');
}

/** Has the gateway listen on the tailnet address; its person starts it anew in the middle. */
export async function bindToTailnet({ page, gateway }: Seat, look = unseen): Promise<void> {
  await goToStep(page, 'Who can reach it');
  await page.getByRole('row').nth(1).waitFor();
  await page.getByRole('radio', { name: /tailnet address, with a token/ }).click();
  await press(page, 'Show what changes');
  await seen(page, 'What would change');
  await look('setup-4-change');
  await press(page, 'Change it');
  await seen(page, 'Restart the gateway now');
  // Its server is closed at once; the process may stay for longer than anybody in a terminal waits.
  await gateway.kill('SIGTERM', 4_000);
  await gateway.start();
  const open = page.getByText('Machines of your tailnet can reach the gateway.').first();
  await open.waitFor();
  await look('setup-4-reach');
}

/** Opens the reception to the tailnet. @returns where it listens for peers */
export async function listenOnTailnet({ page }: Seat): Promise<string> {
  await goToStep(page, 'Who can reach it');
  await page.getByRole('row').nth(1).waitFor();
  await page.getByRole('radio', { name: 'My tailnet', exact: true }).click();
  const told = page.getByText(/^It listens at http:\/\/100\./);
  await told.waitFor();
  return /http:\/\/100\.[^,\s]+/.exec((await told.textContent()) ?? '')?.[0] ?? '';
}

/** Forgets the peer that was set up, for the next one. It stays in the list. */
export async function anotherPeer({ page }: Seat): Promise<void> {
  await goToStep(page, 'The peer');
  await press(page, 'Connect another peer');
  await seen(page, 'Which peer?');
}

/** Makes an invite for a machine picked from the list. @returns its text */
export async function makeInvite(
  { page }: Seat,
  machine: string,
  whose: 'Mine' | 'Someone else’s',
  name: string,
  look = unseen,
): Promise<string> {
  await goToStep(page, 'The peer');
  await page.getByRole('button', { name: new RegExp(machine) }).click();
  await page.getByLabel('Your name for this peer').fill(name);
  await page.getByRole('radio', { name: new RegExp(`^${whose}`) }).click();
  await look('setup-5-peer');
  await press(page, 'Make an invite');
  const invite = page.getByText(/^peerage:\/\/invite\//).first();
  await invite.waitFor();
  await look('setup-5-invite');
  return (await invite.textContent()) ?? '';
}

/** Redeems an invite, up to the six words. */
export async function redeem({ page }: Seat, text: string, name: string): Promise<void> {
  await goToStep(page, 'The peer');
  await page.getByRole('radio', { name: 'I was invited' }).click();
  await page.getByLabel('Invite', { exact: true }).fill(text);
  await page.getByLabel('Your name for this peer').fill(name);
  await press(page, 'Call them');
  await seen(page, 'Do you both see these six words?');
}

/** The six words on the screen. */
export const words = async ({ page }: Seat): Promise<string[]> =>
  page.locator('.six-words li').allTextContents();

/** Both say that the words are the same; afterwards each is a peer of the other. */
export async function agree(one: Seat, other: Seat, look = unseen): Promise<void> {
  await seen(one.page, 'Do you both see these six words?');
  await look('setup-5-words');
  await press(one.page, 'The words are the same');
  await press(other.page, 'The words are the same');
}
