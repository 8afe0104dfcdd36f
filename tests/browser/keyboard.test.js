// Everything can be done without a mouse, in either theme and at any width.
import assert from "node:assert/strict";
import { join } from "node:path";
import test_ from "node:test";
import { Server, TESTDATA, browser, drop, folder, holds, judged, open, read, receipt, sleep, test, until } from "./support.js";

/** Walks with the Tab key until an element has the focus. */
async function walkTo(page, name) {
  for (let steps = 0; steps < 200; steps += 1) {
    const at = await page.evaluate(() => document.activeElement?.getAttribute("data-test"));
    if (at === name) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach ${name}`);
}

test_("from the review to the receipt with the keyboard alone", async (t) => {
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await drop(page, [join(TESTDATA, "series/head_ct_tilt")]);
  await judged(page);
  await page.keyboard.press("2");
  await page.locator(test("place-review")).waitFor();
  await page.keyboard.press("n");
  await walkTo(page, "scope-patient");
  await page.keyboard.press("Enter");
  await page.keyboard.press("a");
  await until("all is decided", async () =>
    !(await page.locator(test("rail-review")).innerText()).includes("to decide"),
  );
  await page.keyboard.press("3");
  await walkTo(page, "approve-name");
  await page.keyboard.type("Study nurse");
  await walkTo(page, "approve-button");
  await page.keyboard.press("Enter");
  const file = await receipt(page);
  await holds(server, JSON.parse(read(file.path)).receipt, 28);
});

test_("every place fits its window, wide and narrow, dark and light", async (t) => {
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await drop(page, [join(TESTDATA, "series/head_ct_tilt")]);
  await judged(page);
  const pictures = process.env.CORDON_SCREENS ?? folder();
  for (const theme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme: theme });
    // The page follows the system while nobody has chosen.
    await page.locator(`[data-theme="${theme}"]`).waitFor();
    await sleep(300);
    for (const width of [720, 1280, 1920]) {
      await page.setViewportSize({ width, height: Math.round(width * 0.6) });
      for (const place of ["collect", "review", "words", "approve"]) {
        if (place === "words") {
          await page.locator(test("view-words")).click();
          await page.locator(test("words")).waitFor();
        } else {
          await page.locator(test(`rail-${place}`)).click();
          await page.locator(test(`place-${place}`)).waitFor();
        }
        await page.screenshot({ path: join(pictures, `${place}-${width}-${theme}.png`) });
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${place} at ${width} is ${beyond} px too wide`);
      }
      await page.locator(test("rail-review")).click();
      await page.locator(test("view-image")).click();
      // The desks stand over a place, and Escape leaves them.
      await page.locator(test("rail-collect")).click();
      for (const desk of ["protocol", "table"]) {
        await page.locator(test(`open-${desk}`)).first().click();
        await page.locator(test(`desk-${desk}`)).waitFor();
        const begin = page.locator(test("protocol-begin"));
        if (desk === "protocol" && (await begin.count()) > 0) await begin.click();
        await page.screenshot({ path: join(pictures, `desk-${desk}-${width}-${theme}.png`) });
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `the ${desk} desk at ${width} is ${beyond} px too wide`);
        await page.keyboard.press("Escape");
        await page.locator(test("place-collect")).waitFor();
      }
    }
  }
});
