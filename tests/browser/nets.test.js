// The networks in a tab: on the software graphics processor and on the plain one.
import assert from "node:assert/strict";
import test_ from "node:test";
import { NOISE, Server, browser, until } from "./support.js";

/** How far the two processors' probabilities may be apart. */
const TOLERANCE = 2e-3;
/** The software graphics processor only has to be right. */
const PATIENCE = 400_000;

async function measured(t, address, options) {
  const context = await browser(t, options);
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => NOISE.test(message.text()) || said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(address);
  await until("the benchmark is done", async () => (await page.locator("#state").innerText()) === "Done", PATIENCE);
  return { all: await page.evaluate(() => window.cordonMeasured), said };
}

test_("the networks run on WebGPU and on the CPU, and both say the same", { timeout: 2 * PATIENCE }, async (t) => {
  const server = await Server.start(t);
  const { all } = await measured(t, `${server.url}/bench.html`);
  const [cpu, gpu] = all;
  assert.equal(cpu.processor.name, "CPU");
  assert.equal(gpu.processor.name, "GPU", gpu.processor.why);
  assert.equal(gpu.processor.why, "");
  assert.ok(gpu.difference < TOLERANCE, `apart by ${gpu.difference}`);
  for (const one of all) {
    const names = one.stages.map((s) => s.name);
    assert.ok(names.includes("256³ head: all of it"), names.join(", "));
    assert.ok(one.memory > 0);
    const stages = one.stages.map((s) => `${s.name} ${Math.round(s.millis)} ms`).join(", ");
    t.diagnostic(`${one.processor.name}: ${stages}; ${Math.round(one.memory / 2 ** 20)} MiB`);
  }
});

test_("without WebGPU the networks run on the CPU, and the page knows why", { timeout: PATIENCE }, async (t) => {
  const server = await Server.start(t);
  const { all, said } = await measured(t, `${server.url}/bench.html`, { webgpu: false });
  assert.deepEqual(all.map((one) => one.processor.name), ["CPU", "CPU"]);
  assert.match(all[1].processor.why, /WebGPU/);
  assert.deepEqual(said, [], "the console says nothing");
});
