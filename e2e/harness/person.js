// What a person does and sees in one tab.

import { until } from "./until.js";

export class Person {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.composer = page.getByTestId("composer");
    this.messages = page.getByTestId("message");
    this.banner = page.getByTestId("banner");
    this.timeline = page.getByRole("log");
    this.divider = page.getByTestId("unread-divider");
    this.typing = page.getByTestId("typing");
    this.notice = page.getByTestId("notice");
  }

  /** Opens the page, enters a name and waits for `general`, or for where `path` leads. */
  async enter(name, path = "/") {
    await this.page.goto(new URL(path, this.url).href);
    await this.page.getByTestId("name-input").fill(name);
    await this.page.getByTestId("name-submit").click();
    await this.composer.waitFor();
  }

  /** Opens the page and its form for accounts. */
  async openAccountForm(path = "/") {
    await this.page.goto(new URL(path, this.url).href);
    await this.page.getByTestId("account-open").click();
    await this.page.getByTestId("account-form").waitFor();
  }

  /** Fills in the form for accounts and sends it. */
  async sendAccountForm(name, password) {
    await this.page.getByTestId("account-name").fill(name);
    await this.page.getByTestId("account-password").fill(password);
    await this.page.getByTestId("account-form-send").click();
  }

  /** Signs in to an account and waits until it can write. */
  async signIn(name, password, path = "/") {
    await this.openAccountForm(path);
    await this.sendAccountForm(name, password);
    await this.composer.waitFor();
  }

  /** Creates an account on the first page and waits until it can write. */
  async signUp(name, password, path = "/") {
    await this.openAccountForm(path);
    await this.page.getByTestId("account-switch").click();
    await this.sendAccountForm(name, password);
    await this.composer.waitFor();
  }

  /** Opens the page with a link that lets somebody in: the fragment of its address. */
  async followLink(fragment) {
    await this.page.goto(new URL(`/${fragment}`, this.url).href);
    await this.page.locator('[data-testid="account-form"], [data-testid="link-needless"], [data-testid="mail-confirm"]').waitFor();
  }

  /** Creates an account with such a link and waits until it can write. */
  async enterByLink(fragment, name, password) {
    await this.followLink(fragment);
    await this.sendAccountForm(name, password);
    await this.composer.waitFor();
  }

  /** Signs out in the settings and waits for the first page. */
  async signOut() {
    await this.openSettings();
    await this.page.getByTestId("sign-out").click();
    await this.page.locator("#gate").waitFor();
  }

  /** Writes a message and sends it with Enter. */
  async say(text) {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Joins `room`, which is created if there is none, and waits until it is open. */
  async join(room) {
    await this.page.getByTestId("new-room-open").click();
    await this.page.getByTestId("new-room-input").fill(room);
    await this.page.getByTestId("new-room-submit").click();
    await this.open(room);
  }

  /** Opens a room of the list. */
  async open(room) {
    await this.room(room).getByRole("link").click();
    await until(`${room} is open`, async () => (await this.openRoom()) === room);
  }

  room(name) {
    return this.page.locator(`[data-testid="room-item"][data-room="${name}"]`);
  }

  member(name) {
    return this.page.getByTestId("member-item").filter({ hasText: name });
  }

  /** Returns the room whose item is marked as the current one; null if there is none. */
  async openRoom() {
    const current = this.page.locator('[data-testid="room-item"]:has([aria-current="page"])');
    return (await current.count()) > 0 ? current.getAttribute("data-room") : null;
  }

  /** Opens a room of the list, which is in a drawer on a narrow screen. */
  async openFromAnywhere(room) {
    const drawer = this.page.getByTestId("drawer-open");
    if (await drawer.isVisible()) await drawer.click();
    await this.open(room);
  }

  /** Waits until the code that the page fetches by itself is there. */
  async whole() {
    await this.page.waitForFunction(() => {
      const files = performance.getEntriesByType("resource").map(({ name }) => name);
      return ["dialogs", "emoji", "panels", "account", "notices", "writing"].every((piece) => files.some((file) => file.includes(`/split_${piece}.`)));
    });
  }

  /** Leaves the open room, or asks for it. */
  async leaveRoom() {
    await this.page.getByTestId("room-menu-open").click();
    await this.page.getByTestId("leave-room").click();
  }

  /** Opens the settings, which are in the drawer of the rooms on a narrow screen. */
  async openSettings() {
    const drawer = this.page.getByTestId("drawer-open");
    if (await drawer.isVisible()) await drawer.click();
    await this.page.getByTestId("settings-open").click();
    await this.page.getByTestId("settings").waitFor();
  }

  /** Opens a section of the administration, which is above the settings. */
  async administer(section) {
    await this.openSettings();
    await this.page.getByTestId("administration-open").click();
    await this.page.locator(`[data-testid="administration-section"][data-section="${section}"]`).click();
    await this.page.getByTestId(`admin-${section}`).waitFor();
  }

  /** Closes the administration and the settings. */
  async leaveAdministration() {
    await this.page.getByTestId("administration-close").click();
    await this.page.getByTestId("administration-close").waitFor({ state: "detached" });
    await this.page.getByTestId("settings-close").click();
  }

  /** Reports a message. */
  async report(text, reason) {
    const row = this.message(text);
    await row.hover();
    await row.getByTestId("tool-more").click();
    await this.page.getByTestId("menu-report").click();
    await this.page.getByTestId("report-reason").fill(reason);
    await this.page.getByTestId("report-send").click();
    await this.page.getByTestId("report-done").click();
    await this.page.getByTestId("report-done").waitFor({ state: "detached" });
  }

  /** Chooses "ja" or "en" in the settings. */
  async switchLanguage(language) {
    await this.openSettings();
    await this.page.getByTestId("settings").getByTestId(`lang-${language}`).click();
    await this.page.getByTestId("settings-close").click();
  }

  /** Chooses "system", "light" or "dark" in the settings. */
  async chooseTheme(theme) {
    await this.openSettings();
    await this.page.getByTestId("theme-select").selectOption(theme);
    await this.page.getByTestId("settings-close").click();
  }

  /** Returns the texts on screen, in order. */
  async texts() {
    return this.page.getByTestId("message-text").allInnerTexts();
  }

  /** Waits until the texts on screen end with exactly these. */
  async sees(...expected) {
    const last = async () => (await this.texts()).slice(-expected.length);
    await until(
      `the texts end with ${JSON.stringify(expected)}`,
      async () => JSON.stringify(await last()) === JSON.stringify(expected),
      { state: last },
    );
  }

  /** Returns the message with exactly this text. */
  message(text) {
    return this.messages.filter({ has: this.page.getByTestId("message-text").getByText(text, { exact: true }) });
  }

  /** Scrolls to the newest loaded message. */
  async scrollDown() {
    await this.timeline.evaluate((view) => (view.scrollTop = view.scrollHeight));
  }

  /** Opens another device of the same person: a tab opened by this one inherits its session storage. */
  async device() {
    const opened = this.page.context().waitForEvent("page");
    await this.page.evaluate(() => void window.open("/"));
    const device = new Person(await opened, this.url);
    await device.composer.waitFor();
    return device;
  }

  /** Waits until every message on screen is stored in the room. */
  async allSent() {
    const waiting = this.page.locator('[data-testid="message"]:is([data-pending="true"], [data-failed="true"])');
    await until("everything is sent", async () => (await waiting.count()) === 0);
  }

  /** Waits until the page shows that it is connected again. */
  async back() {
    await this.banner.waitFor({ state: "hidden" });
  }
}
