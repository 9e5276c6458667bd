import axe from 'axe-core';
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { closeAfterRun } from '../../support/closings.js';
import { usePage } from './servedConsole.js';

const executablePath = '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat([
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]);

let browser: Browser | undefined;

/** One browser for all suites, and the built page. */
export function useBrowser(): void {
  usePage();
  before(async function () {
    this.timeout(120_000);
    if (!existsSync(executablePath))
      throw new Error(`there is no ${executablePath}: apt-get install chromium`);
    if (browser?.isConnected()) return;
    const launched = await chromium.launch({ executablePath, headless: true, args: flags });
    closeAfterRun(() => launched.close());
    browser = launched;
  });
}

interface View {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

export const views: readonly View[] = [
  { width: 1_100, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
  { width: 1_100, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
];

interface Visit extends Partial<View> {
  /** The token, as the tests' `authenticate` knows it; `null`: not signed in. @defaultValue `all` */
  readonly token?: string | null;
  /** @defaultValue the first page */
  readonly path?: string;
  /** The path of the console at the origin, such as `/console`. @defaultValue none */
  readonly base?: string;
  /** Another origin to which the test itself sends requests. */
  readonly also?: string;
  /**
   * The test closes the console while the page is open: a page that connects again is answered 503 until it has
   * left.
   */
  readonly closes?: true;
}

const ownFiles = /^\/(?:$|assets\/(?:app\.js|app\.css|icon\.svg)$|api\/)/;
/** Browsers log each answer with an error status. */
const isExpected = (text: string): boolean =>
  /^Failed to load resource: (?:the server responded with a status of 4\d\d|net::ERR_)|blocked by CORS policy/.test(
    text,
  );
const isOfClosed = (text: string): boolean =>
  text.startsWith('Failed to load resource: the server responded with a status of 503');

/** The findings of axe, as `rule: element`. */
export async function findings(page: Page): Promise<readonly string[]> {
  if (await page.evaluate<boolean>(`typeof axe === 'undefined'`)) await page.evaluate(axe.source);
  return page.evaluate<
    readonly string[]
  >(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 300) + ' ' + failureSummary)))`);
}

/**
 * Opens the console in a context of its own. Afterwards the page has asked for its own files only, said nothing to the
 * browser's console, opened no dialog of the browser, and is not wider than the window.
 */
export async function visit(origin: string, asked: Visit, use: (page: Page) => Promise<void>): Promise<void> {
  if (!browser) throw new Error('useBrowser() belongs into the suite');
  const { width = 1_100, colorScheme = 'light', token = 'all', path = '', base = '', also, closes } = asked;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
    // The certificate authority of the test servers is unknown to the browser.
    ignoreHTTPSErrors: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  try {
    context.setDefaultTimeout(30_000);
    if (token !== null)
      await context.addInitScript(
        `sessionStorage.setItem('eventstore-actions-console.token', ${JSON.stringify(token)})`,
      );
    const page = await context.newPage();
    const strange: string[] = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin === also) return;
      const isOwn = url.pathname.startsWith(base) && ownFiles.test(url.pathname.slice(base.length));
      if (url.origin !== origin || !isOwn) strange.push(request.url());
    });
    page.on('console', (message) => {
      const text = message.text();
      if (!isExpected(text) && !(closes && isOfClosed(text))) strange.push(text);
    });
    page.on('pageerror', (error) => strange.push(error.message));
    page.on('dialog', (dialog) => strange.push(dialog.message()));
    await page.goto(`${origin}${base}/${path}`);
    // A loading page hides its heading, and focuses it when the page is shown.
    await page.locator('h1:not(.hidden), .notice.bad').first().waitFor();
    await use(page);
    expect(strange, 'what the page has no business with').to.deep.equal([]);
    expect(
      await page.evaluate<number>('document.documentElement.scrollWidth'),
      'no scrolling sideways',
    ).to.be.at.most(width);
  } finally {
    await context.close();
  }
}

/**
 * Opens another page of the console, as a link does, and waits until the console has drawn it, without what it has to
 * read: what is found afterwards is not of the page before.
 */
export const goTo = async (page: Page, path: string): Promise<void> => {
  await page.evaluate(`new Promise((resolve) => {
    const { href } = location;
    addEventListener('hashchange', () => setTimeout(resolve), { once: true });
    location.hash = ${JSON.stringify(path || '#/')};
    if (location.href === href) resolve();
  })`);
};

/** The names of the sections whose content is wider than the section, at any width of the window. */
export async function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(
    `[...document.querySelectorAll('section, dialog[open]')]
      .filter((each) => each.scrollWidth > each.clientWidth)
      .map((each) => each.getAttribute('aria-label') ?? each.tagName)`,
  );
}

/** Waits until an element has the focus, which a page moves after painting. */
export const hasFocus = (element: Locator): Promise<void> =>
  element.and(element.page().locator(':focus')).waitFor();

const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((node: { matches(selector: string): boolean }) => node.matches(':focus'));

/** Presses Tab until an element has the focus, as users without a mouse do. */
export async function tabTo(page: Page, element: Locator): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await isFocused(element)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the element cannot be reached by the Tab key');
}

/** Presses an element by the mouse, or by the keyboard alone. */
type Press = (page: Page, element: Locator) => Promise<void>;

export const byMouse: Press = (_page, element) => element.click();
const byKeyboard: Press = async (page, element) => {
  await element.waitFor();
  await tabTo(page, element);
  await page.keyboard.press('Enter');
};

export const hands: readonly (readonly [name: string, press: Press])[] = [
  ['by mouse', byMouse],
  ['by keyboard', byKeyboard],
];

/** Types into a field that was reached by the Tab key. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await field.waitFor();
  await tabTo(page, field);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
export const field = (page: Page, name: string): Locator => page.getByLabel(name, { exact: true });
export const heading = (page: Page, name: string): Locator =>
  page.getByRole('heading', { level: 1, name, exact: true });
