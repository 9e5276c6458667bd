import type { Page } from 'playwright-core';

/**
 * Takes a picture of a whole page, `test/output/<name>.png`, for people to look at. Only where SCREENSHOTS is set: no test
 * compares pictures, and taking them costs the browser a fourth of its time on a page.
 */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] === undefined) return;
  await page.screenshot({ path: `test/output/${name}.png`, fullPage: true });
}
