// Nothing that identifies a person crosses the edge of the browser.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import test_ from "node:test";
import { fileURLToPath } from "node:url";
import {
  PYTHON, Recorder, Server, acceptAll, approve, browser, drop, judged, open, receipt, run, samples, test,
} from "./support.js";

const here = dirname(fileURLToPath(import.meta.url));

test_("every request goes to one place, and no identifier is in any byte of any of them", async (t) => {
  const files = await samples();
  const listed = await run(PYTHON, [join(here, "identifiers.py"), files]);
  assert.equal(listed.code, 0, listed.stderr);
  const identifiers = listed.stdout.trim().split("\n").map((line) => Buffer.from(line, "hex"));
  assert.ok(identifiers.length > 100, "there are identifiers to look for");

  const server = await Server.start(t);
  const recorder = await Recorder.start(t, server);
  const context = await browser(t);
  const asked = [];
  // The context hears its pages and their workers.
  context.on("request", (request) => asked.push(request.url()));
  const page = await open(context, server.link(recorder.url));
  await drop(page, [files]);
  await judged(page);
  // Looking at things must not send anything either.
  await page.locator(test("rail-review")).click();
  await page.keyboard.press("n");
  await page.keyboard.press("h");
  await page.locator(test("header-row")).first().waitFor();
  await acceptAll(page);
  // A document names the patient: that is what a person is asked to see, and leaves out.
  await page.locator(test("row-series")).filter({ hasText: "DOC" }).click();
  await page.locator(test("scope-series")).click();
  await page.locator(test("exclude")).click();
  await approve(page);
  const file = await receipt(page);

  const origins = new Set(asked.filter((url) => !/^(blob|data):/.test(url)).map((url) => new URL(url).origin));
  assert.deepEqual([...origins], [recorder.url], "one destination");
  const uploads = recorder.sent.filter((one) => one.head.includes("/studies"));
  assert.ok(uploads.some((one) => one.body.length > 100_000), "the uploads were recorded");
  const leaks = [];
  for (const { head, body } of recorder.sent) {
    const whole = Buffer.concat([Buffer.from(head), Buffer.from("\n"), body]);
    const spelled = Buffer.from(decodeURIComponent(head.split("\n")[0].replace(/%(?![0-9a-f]{2})/gi, "%25")));
    for (const value of identifiers) {
      if (whole.includes(value) || spelled.includes(value)) leaks.push(`${value} in ${head.split("\n")[0]}`);
    }
    assert.ok(!head.split("\n")[0].includes(server.token), "the token is in no address");
  }
  assert.deepEqual([...new Set(leaks)], []);
  assert.ok(!page.url().includes(server.token), "the token does not stay in the address bar");
  for (const value of identifiers) {
    assert.ok(!file.name.includes(value.toString()), "no identifier in a file name");
    assert.ok(!page.console.some((line) => line.includes(value.toString())), "none in the console");
  }
  assert.deepEqual(page.console, []);
});
