// The main job: a folder of DICOM becomes clean studies on the server.
import assert from "node:assert/strict";
import { join } from "node:path";
import test_ from "node:test";
import {
  CORDON, Server, TESTDATA, acceptAll, approve, browser, drop, filesBelow, judged, open, read, receipt, run, sha256, test,
} from "./support.js";

test_("a head CT is dropped, held for its face, approved, sent, found and fetched", async (t) => {
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  const series = join(TESTDATA, "series/head_ct_tilt");
  const count = filesBelow(series).length;

  await drop(page, [series]);
  await judged(page);
  const row = page.locator(test("row-series"));
  assert.equal(await row.count(), 1);
  assert.equal(await row.getAttribute("data-verdict"), "held");
  assert.match(await page.locator(test("meters")).innerText(), new RegExp(`${count}\\s+files`));
  assert.equal((await server.instances()).length, 0, "nothing is sent before a person approves");

  await page.locator(test("rail-review")).click();
  assert.ok((await page.locator(`${test("finding")}[data-code="face-unsure"]`).count()) > 0, "held for its face");
  await acceptAll(page);
  await approve(page);
  const file = await receipt(page);

  const signed = JSON.parse(read(file.path)).receipt;
  assert.equal(signed.instances.length, count);
  assert.ok(signed.instances.every((one) => one.verdict === "held" && one.approved));
  assert.equal(signed.approval.by, "Data manager, test");

  const found = await server.instances();
  assert.deepEqual(
    found.map((one) => one.instance).sort(),
    signed.instances.map((one) => one.instance).sort(),
    "QIDO finds what the receipt lists",
  );
  for (const one of signed.instances) {
    const bytes = await server.fetch(one);
    assert.equal(bytes.length, one.bytes);
    assert.equal(sha256(bytes), one.sha256, "WADO gives what the page sealed");
  }
  const checked = await run(CORDON, ["check", "--receipt", file.path]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  assert.deepEqual(page.console, [], "the console says nothing");
});
