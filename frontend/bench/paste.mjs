import { counted, opened } from "./farm.mjs";

const ROWS = 500;
const COLUMNS = [
  (row) => `Scene ${row}, pasted`,
  (row) => `Somebody walks, take ${row}`,
  (row) => `Person ${row % 3}`,
  (row) => `Option ${row % 4}`,
  () => "",
  (row) => String(24 + (row % 90)),
  () => "",
  () => "",
  () => "wan",
  () => "",
  () => "",
  (row) => String(row % 6),
];

/** 500 rows of 12 columns put on the last row: one request, one undo, and redo gives equal data. */
export async function paste(page, farm, shots) {
  await opened(page, farm, shots);
  const text = Array.from({ length: ROWS }, (_, row) => COLUMNS.map((write) => write(row)).join("\t")).join(
    "\r\n",
  );
  await page.evaluate((said) => navigator.clipboard.writeText(said), text);
  await page.mouse.click(600, 300); // the scene of a row
  await page.keyboard.press("Control+ArrowDown");
  const requests = [];
  page.on(
    "request",
    (request) => request.method() === "POST" && requests.push(new URL(request.url()).pathname),
  );
  const began = Date.now();
  await page.keyboard.press("Control+v");
  const after = shots + ROWS - 1;
  await counted(page, after).waitFor();
  const paste_ms = Date.now() - began;
  const pasted = await listed(farm);
  await page.keyboard.press("Control+z");
  await counted(page, shots).waitFor();
  await page.keyboard.press("Control+y");
  await counted(page, after).waitFor();
  const again = await listed(farm);
  const equal = JSON.stringify(pasted) === JSON.stringify(again);
  return {
    paste_ms,
    paste_requests: requests.filter((path) => path.endsWith("/edits")).length,
    redo_equal: equal,
  };
}

/** The newest rows as the master has them, but for what a write changes by itself. */
async function listed({ url, secret, project }) {
  const headers = { Authorization: `Bearer ${secret}` };
  const rows = [];
  let after = "";
  do {
    const asked = `${url}/api/projects/${project}/shots?limit=1000${after && `&after=${after}`}`;
    const page = await (await fetch(asked, { headers })).json();
    for (const row of page.rows) rows.push({ ...row, rev: 0, created_at: "", updated_at: "" });
    after = page.next ?? "";
  } while (after);
  return rows;
}
