import assert from "node:assert/strict";

import { story } from "../harness/story.js";
import { until } from "../harness/until.js";

const PASSWORD = "an uncommon password";
const OPEN = { flags: ["--sign-up", "open"] };

/** Opens the form of the profile in the settings. */
async function editProfile(person) {
  await person.openSettings();
  await person.page.getByTestId("profile-edit").click();
  return person.page.getByTestId("profile-form");
}

/** Sends the form and closes the settings. */
async function save(person) {
  await person.page.getByTestId("profile-save").click();
  await person.page.getByTestId("profile-edit-done").getByText("Saved").waitFor();
  await person.page.getByTestId("settings-close").click();
}

story("what somebody tells of themselves is beside their name for everybody, at once and later", OPEN, async (stage) => {
  const hanako = await stage.visitor();
  await hanako.signUp("山田花子", PASSWORD);
  const ben = await stage.enter("Ben");
  await hanako.say("いただきます");
  await ben.sees("いただきます");
  const form = await editProfile(hanako);
  await form.getByTestId("profile-reading").fill("やまだ はなこ");
  await form.getByTestId("profile-usual").first().click();
  await form.getByTestId("profile-status-until").selectOption({ label: "After an hour" });
  await form.getByTestId("profile-colour").nth(4).check();
  await form.getByTestId("profile-time").check();
  await save(hanako);

  const sees = async (person) => {
    await person.message("いただきます").getByRole("img", { name: "At lunch" }).waitFor();
    await person.member("山田花子").getByRole("img", { name: "At lunch" }).waitFor();
    await person.member("山田花子").locator(".avatar.colour-3").waitFor();
    await person.message("いただきます").locator(".avatar.colour-3").waitFor();
  };
  await sees(ben);
  const late = await stage.enter("Carol");
  await sees(late);

  await ben.member("山田花子").getByTestId("member-open").click();
  const card = ben.page.getByTestId("person");
  await card.getByText("やまだ はなこ").waitFor();
  assert.match(await card.getByTestId("person-status").innerText(), /🍱[^]*At lunch[^]*until \d/);
  assert.match(await card.getByTestId("person-time").innerText(), /\d+:\d\d where they are/);
  await card.getByTestId("person-messages").click();
  await ben.page.getByTestId("card").getByText("いただきます").waitFor();

  await ben.page.keyboard.press("Control+k");
  await ben.page.getByTestId("switcher-input").fill("ヤマダ");
  await ben.page.getByTestId("switcher-option").getByText("山田花子").waitFor();
  await ben.page.keyboard.press("Escape");
  await ben.composer.fill("@はな");
  await ben.page.getByRole("option", { name: "山田花子" }).click();
  assert.equal(await ben.composer.inputValue(), "@山田花子 ");

  await editProfile(hanako);
  await hanako.page.getByTestId("profile-clear").click();
  await save(hanako);
  await ben.message("いただきます").getByRole("img", { name: "At lunch" }).waitFor({ state: "detached" });
});

story("the menu of a message leads to its author, and one's own card to the profile", OPEN, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  await anna.say("hello");
  await anna.allSent();
  await anna.page.getByTestId("message-author").click();
  await anna.page.getByTestId("person-edit").click();
  await anna.page.getByTestId("profile-edit").waitFor();
  await anna.page.getByTestId("settings-close").click();
  await anna.message("hello").focus();
  await anna.page.keyboard.press("Enter");
  await anna.page.getByTestId("menu-author").click();
  await anna.page.getByTestId("person").getByText("Anna").first().waitFor();
});

story("whoever does not want to be disturbed is not: the title is quiet, and the others see it", OPEN, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  const form = await editProfile(anna);
  await form.getByTestId("profile-quiet").selectOption({ label: "When I end it" });
  await save(anna);
  await anna.join("kitchen");
  const bert = await stage.enter("Bert");
  await bert.member("Anna").getByRole("img", { name: "do not disturb" }).waitFor();
  await bert.say("@Anna are you there?");
  await anna.room("general").getByText("1 mention of you").waitFor();
  assert.equal(await anna.page.title(), "kitchen · Hiroba");
  await editProfile(anna);
  await anna.page.getByTestId("profile-quiet").selectOption({ label: "Off" });
  await save(anna);
  await until("the title counts again", async () => (await anna.page.title()) === "(1) kitchen · Hiroba");
  await bert.member("Anna").getByRole("img").waitFor({ state: "detached" });
});

story("what cannot be a profile is refused by name, and nothing typed is lost", { ...OPEN, refused: true }, async (stage) => {
  const anna = await stage.visitor();
  await anna.signUp("Anna", PASSWORD);
  const form = await editProfile(anna);
  await form.getByTestId("profile-emoji").fill("lunch");
  await form.getByTestId("profile-status").fill("eating");
  await form.getByTestId("profile-save").click();
  await form.getByText("Put one emoji before the status, or none.").waitFor();
  assert.equal(await form.getByTestId("profile-status").inputValue(), "eating");
  await form.getByTestId("profile-emoji").fill("🍜");
  await save(anna);
  await anna.member("Anna").getByRole("img", { name: "eating" }).waitFor();
});
