// The protocol desk: read, vary, see the effect, save; what is sent stays under the project's.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test_ from "node:test";
import {
  Server, acceptAll, approve, browser, drop, folder, judged, open, read, receipt, run, slices, test, until,
  CORDON,
} from "./support.js";

const CTP = `<script>
  <e en="T" t="00080020" n="StudyDate">@incrementdate(this,7)</e>
  <e en="T" t="00081030" n="StudyDescription">@keep()</e>
  <e en="T" t="00100010" n="PatientName">@keep()</e>
</script>`;

/** How many attributes the variant treats differently. */
const different = async (page) => Number(await page.locator(test("effect-count")).getAttribute("data-count"));
const toml = async (page) => {
  await page.locator(test("protocol-tab-file")).click();
  const text = await page.locator(test("protocol-toml")).innerText();
  await page.locator(test("protocol-tab-change")).click();
  return text;
};
const checked = (page, name) => page.locator(test(name)).getAttribute("aria-checked");

test_("a variant is made, contradicted, undone, tried on an image and saved, and nothing else is sent", async (t) => {
  const files = await slices(2);
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await drop(page, [files]);
  await judged(page);
  const digest = (await server_protocol(server)).protocol_sha256;

  await page.locator(test("open-protocol")).click();
  assert.match(await page.locator(test("protocol-words")).innerText(), /Basic Profile of PS3\.15/);
  await page.locator(test("protocol-begin")).click();
  await page.locator(test("protocol-save")).waitFor();
  assert.match(await page.locator(test("desk-says")).innerText(), /goes on under the project's protocol/);
  await until("the effect is there", async () => (await page.locator(test("effect-count")).count()) === 1);

  // Begin from the Basic Profile: the effect is that of going back to it.
  await page.locator(test("protocol-start")).selectOption("basic");
  await until("it begins from basic", async () => (await toml(page)).includes('id = "basic"'));
  await page.locator(test("option-113106")).click();
  await until("full dates are on", async () => (await checked(page, "option-113106")) === "true");
  await until("dates differ", async () => (await different(page)) > 0);
  const row = page.locator(test("effect-row")).filter({ hasText: "(0008,0020)" }).first();
  await row.waitFor();

  // What contradicts is refused with the sentence of the protocol crate, and changes nothing.
  await page.locator(test("option-113107")).click();
  await page.locator(test("protocol-refused")).waitFor();
  assert.match(await page.locator(test("protocol-refused")).innerText(), /exclude each other/);
  assert.equal(await checked(page, "option-113107"), "false");

  // Back and forth, with the keyboard.
  await page.locator(test("option-113106")).focus();
  await page.keyboard.press("Control+z");
  await until("undone", async () => (await checked(page, "option-113106")) === "false");
  await page.keyboard.press("Control+Shift+z");
  await until("done again", async () => (await checked(page, "option-113106")) === "true");

  // One attribute, found by a part of its name and filled in by keyboard alone.
  await page.locator(test("attribute-add")).focus();
  await page.keyboard.press("Enter");
  await page.locator(test("attribute-find")).fill("series desc");
  await page.locator(test("found-attribute")).first().waitFor();
  await page.locator(test("attribute-find")).press("Enter");
  await page.locator(test("attribute-action")).selectOption("constant");
  await page.locator(test("attribute-value")).fill("SERIES");
  await page.locator(test("attribute-put")).click();
  await page.locator(test("protocol-refused")).waitFor();
  assert.match(await page.locator(test("protocol-refused")).innerText(), /reason/, "a reason is asked for");
  await page.locator(test("attribute-why")).fill("Nobody needs it.");
  await page.locator(test("attribute-why")).press("Enter");
  await page.locator(test("asked-attribute")).waitFor();
  const described = page.locator(test("effect-row")).filter({ hasText: "(0008,103E)" });
  await until("the value is replaced", async () => (await described.count()) > 0 && (await described.innerText()).includes("SERIES"));

  // A person's name can never be kept: the action is not offered.
  await page.locator(test("attribute-add")).click();
  await page.locator(test("attribute-find")).fill("(0010,1001)");
  await page.locator(test("found-attribute")).first().click();
  assert.equal(await page.locator(`${test("attribute-action")} option[value="keep"]`).isDisabled(), true);

  const coming = page.waitForEvent("download");
  await page.locator(test("protocol-save")).click();
  const saved = read(await (await coming).path()).toString();
  assert.match(saved, /retain-full-dates/);
  assert.match(saved, /Nobody needs it\./);
  const kept = join(folder(), "variant.toml");
  writeFileSync(kept, saved);
  const home = folder();
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
  const again = await run(CORDON, ["clean", files, "--out", join(home, "out"), "--protocol", kept], { env });
  assert.equal(again.code, 0, `the command takes the file: ${again.stderr}`);

  // Leaving and coming back loses nothing.
  await page.keyboard.press("Escape");
  await page.locator(test("meters")).waitFor();
  await page.locator(test("open-protocol")).click();
  assert.equal(await checked(page, "option-113106"), "true");
  await page.locator(test("desk-back")).click();

  // What is sent is under the project's protocol, whatever was tried.
  await acceptAll(page);
  await approve(page);
  const file = await receipt(page);
  const signed = JSON.parse(read(file.path)).receipt;
  assert.equal(signed.protocol_sha256, digest);
  assert.ok(!signed.options.includes("retain-full-dates"));
  assert.deepEqual(page.console, []);
});

test_("a TOML file and a script of RSNA CTP are opened, and what cannot be carried over is listed", async (t) => {
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await page.locator(`${test("project")} summary`).click();
  await page.locator(test("open-protocol")).click();
  const file = page.locator(test("protocol-file"));
  await file.setInputFiles({ name: "anonymizer.script", mimeType: "text/xml", buffer: Buffer.from(CTP) });
  await page.locator(test("ctp-report")).waitFor();
  assert.ok((await page.locator(test("ctp-not-carried")).count()) > 0);
  assert.match(await page.locator(test("ctp-report")).innerText(), /Patient Name/);

  await file.setInputFiles({ name: "p.toml", mimeType: "text/plain", buffer: Buffer.from('id = "mine"\ntitle = "Mine"\n') });
  await until("it is opened", async () => (await toml(page)).includes('id = "mine"'));
  const broken = 'id = "mine"\ntitle = "Mine"\n[deid]\noptions = ["retain-full-dates", "retain-modified-dates"]\n';
  await file.setInputFiles({ name: "p.toml", mimeType: "text/plain", buffer: Buffer.from(broken) });
  await page.locator(test("protocol-refused")).waitFor();
  assert.match(await page.locator(test("protocol-refused")).innerText(), /line 4/);
  assert.match(await toml(page), /id = "mine"/, "a broken file changes nothing");
  assert.deepEqual(page.console, []);
});

async function server_protocol(server) {
  const answer = await fetch(`${server.url}/api/v1/projects/${server.project}`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  return answer.json();
}
