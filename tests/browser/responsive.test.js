// The main thread draws: it is never busy for long while others work.
import assert from "node:assert/strict";
import test_ from "node:test";
import { Server, browser, drop, judged, open, slices, sleep, tasksDuring } from "./support.js";

test_("580 files are cleaned, and no task of the main thread takes more than 50 ms", async (t) => {
  const files = await slices(580);
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await sleep(1500);
  const tasks = await tasksDuring(context, page, async () => {
    await drop(page, [files]);
    await judged(page);
  });
  const worst = (what) => Math.round(Math.max(...tasks.map((one) => one[what])));
  t.diagnostic(`${tasks.length} tasks; the longest ${worst("busy")} ms busy, ${worst("wall")} ms on the wall`);
  assert.ok(worst("busy") <= 50, `a task took ${worst("busy")} ms`);
});
