// Asks Lighthouse about pages as a phone sees them, all in one browser, and writes what it says as JSON.
// Reads from standard input: {modules, chromium, flags, pages: {name: [address, [category]]}, quick}
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(await new Response(process.stdin).text());
const require = createRequire(pathToFileURL(`${asked.modules}/`));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { default: lighthouse } = await load("lighthouse");
const puppeteer = await load("puppeteer-core");

const flags = {
  formFactor: "mobile",
  throttlingMethod: "simulate",
  disableFullPageScreenshot: true,
  disableStorageReset: true,
  logLevel: "error",
  // A page of ours is done when it has loaded; nothing comes in afterwards.
  ...(asked.quick && { pauseAfterLoadMs: 0, pauseAfterFcpMs: 0, networkQuietThresholdMs: 50, cpuQuietThresholdMs: 50 }),
};

const browser = await puppeteer.launch({ executablePath: asked.chromium, args: asked.flags });
const said = {};
for (const [name, [address, onlyCategories]] of Object.entries(asked.pages)) {
  const page = await browser.newPage();
  const { lhr } = await lighthouse(address, { ...flags, onlyCategories }, undefined, page);
  said[name] = { scores: scores(lhr), faults: faults(lhr) };
  await page.close();
}
await browser.close();
process.stdout.write(JSON.stringify(said));

function scores(lhr) {
  if (lhr.runtimeError) throw new Error(`${lhr.requestedUrl}: ${lhr.runtimeError.message}`);
  return Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
}

// What cost points, with the elements it is about.
function faults(lhr) {
  const weighed = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
  const failed = weighed.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 1);
  return failed.map(({ id, details }) => {
    const where = (details?.items ?? []).map(({ node, source, url }) => node?.snippet ?? source?.snippet ?? url ?? "");
    return [id, ...where.slice(0, 5)].join(" ");
  });
}
