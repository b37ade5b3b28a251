import type { Page } from 'playwright-core';

/** Connects a gateway by its address and token, as a person does. */
export async function connect(page: Page, name: string, url: string, token: string): Promise<void> {
  await page.keyboard.press('Control+n');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(url);
  await dialog.locator('input[type=password]').fill(token);
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  const nameField = dialog.getByLabel('Name', { exact: true });
  await nameField.waitFor();
  await nameField.fill(name);
  await dialog.getByRole('button', { name: /^add/i }).click();
  await dialog.waitFor({ state: 'hidden' });
}
