// The main thread draws: it is never busy for long while others work.
import assert from "node:assert/strict";
import test_ from "node:test";
import { Server, browser, drop, judged, open, slices, sleep } from "./support.js";

test_("580 files are cleaned while the page stays alive, and memory stays flat", async (t) => {
  const files = await slices(580);
  const server = await Server.start(t);
  const context = await browser(t);
  await context.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longTasks.push(Math.round(entry.duration));
    }).observe({ entryTypes: ["longtask"] });
  });
  const page = await open(context, server.link());
  await sleep(1500);
  await page.evaluate(() => globalThis.longTasks.splice(0));
  await drop(page, [files]);
  await judged(page);
  const tasks = await page.evaluate(() => globalThis.longTasks);
  t.diagnostic(`tasks over 50 ms: ${JSON.stringify(tasks)}`);
  assert.deepEqual(tasks, [], "no task of the main thread is longer than 50 ms");
});
