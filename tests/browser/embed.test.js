// The view is a guest in any page, and two of them do not get in each other's way.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test_ from "node:test";
import { Server, browser, sleep, test, until } from "./support.js";

test_("a portal on another origin mounts the view twice", async (t) => {
  const portal = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(portal.page);
  });
  portal.listen(0, "127.0.0.1");
  await once(portal, "listening");
  t.after(() => portal.close());
  const origin = `http://127.0.0.1:${portal.address().port}`;
  const server = await Server.start(t, { args: ["--portal", origin] });
  const element = (id) =>
    `<cordon-contribute id="${id}" server="${server.url}" project="${server.project}" token="${server.token}"></cordon-contribute>`;
  portal.page = `<!doctype html><title>Portal</title><style>button { color: magenta }</style>
    <h1>Portal</h1><div style="width:720px;height:600px">${element("a")}</div>
    <div style="width:720px;height:600px">${element("b")}</div>
    <script type="module" src="${server.url}/cordon-embed.js"></script>`;
  const context = await browser(t);
  const page = await context.newPage();
  await page.goto(origin);
  for (const id of ["a", "b"]) {
    await page.locator(`#${id} ${test("drop-area")}`).waitFor();
    await until(`${id} knows the project`, async () =>
      (await page.locator(`#${id}`).locator("css=.cordon-embedded").innerText()).includes("Demonstration") ||
      (await page.locator(`#${id} ${test("project")}`).count()) > 0,
    );
  }
  // The second one says that it is not alone.
  await until("the second says so", async () =>
    (await page.locator(`${test("notice")}[data-code="other-tab"]`).count()) >= 1,
  );
  // Taken off the page, it ends; the other one stays.
  await page.evaluate(() => document.querySelector("#a").remove());
  await sleep(300);
  assert.equal(await page.locator(`#b ${test("drop-area")}`).count(), 1);
});
