// What a project asks for beside clean images: whole series, and a person in the right role.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import test_ from "node:test";
import { fileURLToPath } from "node:url";
import {
  PYTHON, Server, browser, drop, folder, holds, judged, open, read, receipt, run, samples, test, until,
} from "./support.js";

const here = dirname(fileURLToPath(import.meta.url));
const PROTOCOL = `
id = "whole"
title = "Whole series"
purpose = "Knees, whole."
[require]
min_slices = 10
[approval]
roles = ["radiologist", "data-manager"]
held = ["radiologist"]
`;

test_("a short series is held, and only the right role releases it", async (t) => {
  const files = join(folder(), "short");
  const made = await run(PYTHON, [join(here, "words.py"), await samples(), files, "left", "right"]);
  assert.equal(made.code, 0, made.stderr);
  const server = await Server.under(t, PROTOCOL);
  const context = await browser(t);
  const page = await open(context, server.link());
  await drop(page, [files]);
  await judged(page);
  assert.match(await page.locator(test("rail-review")).innerText(), /6 to decide/);
  await page.locator(test("rail-review")).click();
  await page.locator(`${test("finding")}[data-code="series-too-short"]`).click();
  assert.match(await page.locator(test("finding-detail")).innerText(), /more slices in a series/);
  await page.locator(test("scope-series")).click();
  await page.locator(test("accept")).click();
  await until("nothing is left to decide", async () =>
    !(await page.locator(test("rail-review")).innerText()).includes("to decide"),
  );

  await page.locator(test("rail-approve")).click();
  await page.locator(test("approve-name")).fill("Study nurse");
  const button = page.locator(test("approve-button"));
  assert.match(await page.locator(test("approve-unfit")).innerText(), /only these roles release it: radiologist/);
  assert.ok(await button.isDisabled(), "nobody without a role");
  await page.locator(test("approve-role")).selectOption("data-manager");
  assert.ok(await button.isDisabled(), "nor in the wrong one");
  if (process.env.CORDON_SCREENS) {
    await button.scrollIntoViewIfNeeded();
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(process.env.CORDON_SCREENS, `approve-role-${colorScheme}.png`) });
    }
  }
  await page.locator(test("approve-role")).selectOption("radiologist");
  await until("the button is there", () => button.isEnabled());
  await button.click();
  const signed = JSON.parse(read((await receipt(page)).path)).receipt;
  await holds(server, signed, 6);
  assert.equal(signed.approval.role, "radiologist");
  assert.ok(signed.decisions.every((one) => one.findings.includes("series-too-short")));
  assert.deepEqual(page.console, []);
});
