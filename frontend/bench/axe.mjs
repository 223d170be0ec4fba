import AxeBuilder from "@axe-core/playwright";

const ROOMS = [
  "",
  "?view=list",
  "?view=board",
  "?view=list&shot=SHT-00001",
  "/characters",
  "/cinematic",
  "/gallery",
  "/films",
];
const PAGES = ["/", "/ads", "/jobs", "/workers", "/workers?layout=table", "/farm"];

/** Serious and critical findings of axe on every screen, in both themes. */
export async function axe(page, farm) {
  const addresses = [...PAGES, ...ROOMS.map((room) => `/projects/${farm.project}${room}`)];
  const found = [];
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const address of addresses) {
      await page.goto(address);
      await page.waitForLoadState("networkidle");
      await page.waitForTimeout(400);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations)
        if (impact === "serious" || impact === "critical")
          found.push({ address, colorScheme, id, html: nodes[0]?.html.slice(0, 120) });
    }
  }
  return { axe_serious: found.length, screens: addresses.length * 2, found };
}
