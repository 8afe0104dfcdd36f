// A killed tab and a killed server cost nothing but time.
import assert from "node:assert/strict";
import test_ from "node:test";
import {
  Recorder, Server, approve, browser, drop, judged, open, read, receipt, holds, sleep, slices, test, until,
} from "./support.js";

const COUNT = 900;

/** The tab's process ends as if it had crashed. */
async function kill(context, page) {
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => {});
  await crashed;
  await page.close();
}

/** Opens the page where an earlier tab was killed. */
async function again(context, link) {
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

test_("the tab is killed ten times: while cleaning, and in the middle of uploads", async (t) => {
  const files = await slices(COUNT);
  const server = await Server.start(t);
  const recorder = await Recorder.start(t, server);
  const link = server.link(recorder.url);
  const context = await browser(t);

  let page = await open(context, link);
  for (let turn = 0; turn < 3; turn += 1) {
    await drop(page, [files]);
    await sleep(250 + 200 * turn);
    await kill(context, page);
    page = await again(context, link);
    await page.locator(`${test("drop-area")}, ${test("meters")}`).first().waitFor();
  }
  await drop(page, [files]);
  await judged(page);
  await approve(page);

  recorder.hold = 300;
  for (let turn = 0; turn < 7; turn += 1) {
    const seen = recorder.uploads;
    await until("an upload is under way", () => recorder.uploads > seen);
    await sleep(40 * turn);
    await kill(context, page);
    page = await again(context, link);
  }
  recorder.hold = 0;
  const file = await receipt(page);
  await holds(server, JSON.parse(read(file.path)).receipt, COUNT);
});

test_("the server is killed ten times in the middle of requests", async (t) => {
  const files = await slices(COUNT);
  const server = await Server.start(t);
  const recorder = await Recorder.start(t, server);
  const context = await browser(t);
  const page = await open(context, server.link(recorder.url));
  await drop(page, [files]);
  await judged(page);
  recorder.hold = 150;
  await approve(page);
  for (let turn = 0; turn < 10; turn += 1) {
    const seen = recorder.uploads;
    await until("an upload is under way", () => recorder.uploads > seen);
    // Before the request is whole, while it is checked, and just after.
    await sleep(25 * turn);
    await server.kill();
    await sleep(200);
    await server.up();
  }
  recorder.hold = 0;
  const file = await receipt(page);
  await holds(server, JSON.parse(read(file.path)).receipt, COUNT);
});

test_("what was sent without a person's approval is nothing", async (t) => {
  const files = await slices(40);
  const server = await Server.start(t);
  const context = await browser(t);
  let page = await open(context, server.link());
  await drop(page, [files]);
  await judged(page);
  await kill(context, page);
  page = await again(context, server.link());
  // The images are taken up again; nobody has approved them yet.
  await until("the earlier work is there", async () => (await page.locator(test("row-series")).count()) > 0);
  assert.deepEqual(await server.instances(), []);
  await approve(page);
  const file = await receipt(page);
  await holds(server, JSON.parse(read(file.path)).receipt, 40);
});
