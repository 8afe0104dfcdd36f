// The site key: made once, backed up, taken up in another browser.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test_ from "node:test";
import {
  Server, approve, browser, drop, folder, judged, open, read, receipt, slices, test, until,
} from "./support.js";

const PHRASE = "copper lantern walks twice";

async function pseudonym(server, page, files) {
  await drop(page, [files]);
  await judged(page);
  await approve(page);
  await receipt(page);
  const found = await server.get("/studies?limit=1&includefield=all");
  return found[0]["00100020"].Value[0];
}

async function fill(page, name, phrase) {
  await page.locator(test(`${name}-passphrase`)).fill(phrase);
  const again = page.locator(test(`${name}-again`));
  if (await again.count()) await again.fill(phrase);
}

async function importKey(page, path, phrase) {
  await page.locator(test("key-file")).setInputFiles(path);
  await fill(page, "key-import", phrase);
  await page.locator(test("key-import")).last().click();
}

test_("a key that was saved in one browser gives the same pseudonym in another", async (t) => {
  const files = await slices(3);
  const first = await Server.start(t);
  const one = await browser(t);
  const page = await open(one, first.link());
  const before = await pseudonym(first, page, files);

  await page.locator(test("key-panel")).click();
  await fill(page, "key-export", PHRASE);
  const coming = page.waitForEvent("download");
  await page.locator(test("key-export")).last().click();
  const backup = join(folder(), "key.age");
  writeFileSync(backup, read(await (await coming).path()));
  assert.equal(read(backup).subarray(0, 22).toString(), "age-encryption.org/v1\n");

  const second = await Server.start(t);
  const two = await browser(t);
  const other = await open(two, second.link());
  await other.locator(test("key-panel")).click();
  await importKey(other, backup, "not the passphrase at all");
  await until("the page says that the passphrase is wrong", async () =>
    /passphrase does not open/i.test(await other.locator(test("panel-key")).innerText()),
  );
  await importKey(other, backup, PHRASE);
  await until("the key is taken", async () =>
    !/passphrase does not open/i.test(await other.locator(test("panel-key")).innerText()),
  );
  await other.waitForTimeout(3000);
  await other.locator(test("panel-close")).first().click();
  assert.equal(await pseudonym(second, other, files), before);

  // A third browser without the key makes its own.
  const third = await Server.start(t);
  const three = await browser(t);
  const stranger = await open(three, third.link());
  assert.notEqual(await pseudonym(third, stranger, files), before);
});
