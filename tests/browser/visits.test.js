// A browser keeps what a page is made of, and asks for nothing of it on the next visit; what a
// clinic linked has its address for ever.
import assert from "node:assert/strict";
import test_ from "node:test";
import { Server, browser, test } from "./support.js";

test_("the second visit asks for the document and nothing else of the page", async (t) => {
  const server = await Server.start(t);
  const context = await browser(t);
  const visit = async () => {
    const page = await context.newPage();
    const asked = [];
    const client = await context.newCDPSession(page);
    await client.send("Network.enable");
    const cached = new Set();
    client.on("Network.requestServedFromCache", (e) => cached.add(e.requestId));
    client.on("Network.responseReceived", (e) => {
      const path = new URL(e.response.url).pathname;
      const kept = cached.has(e.requestId) || e.response.fromDiskCache;
      if (!kept && !path.startsWith("/api/") && !path.startsWith("/dicomweb/")) asked.push(path);
    });
    await page.goto(server.link());
    await page.locator(test("drop-area")).waitFor();
    await page.close();
    return asked;
  };
  const first = await visit();
  assert.ok(first.some((path) => path.endsWith("/app_bg.wasm")), first.join());
  const second = await visit();
  assert.deepEqual(second, ["/"], second.join());
});

test_("files of this version are kept for ever, addresses that people know are asked for again", async (t) => {
  const server = await Server.start(t);
  const life = async (path) => {
    const answer = await fetch(new URL(path, server.url));
    assert.equal(answer.status, 200, path);
    return [answer.headers.get("cache-control"), await answer.text()];
  };
  const [document, html] = await life("/");
  assert.equal(document, "no-cache");
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1]);
  assert.ok(files.length >= 3, html);
  for (const file of files) assert.match((await life(file))[0], /immutable/, file);
  for (const known of ["cordon-embed.js", "cordon.css", "bench.html"]) {
    const [kept, text] = await life(known);
    assert.equal(kept, "no-cache", known);
    const [leads] = text.match(/0[0-9a-f]{15}\/[\w.-]+/) ?? [];
    assert.match((await life(leads))[0], /immutable/, known);
  }
});
