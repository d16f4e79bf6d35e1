/** Items, data models and whole databases as files, out of the playground and into it again. */
import { gunzipSync } from "fflate";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

/** The bytes of the next file that is handed to the user. */
async function downloaded(page: Page, act: () => Promise<void>): Promise<Buffer> {
  await page.evaluate(() => {
    const page = globalThis as unknown as { handed?: Promise<string> };
    const make = URL.createObjectURL.bind(URL);
    page.handed = new Promise((resolve) => {
      URL.createObjectURL = (blob: Blob) => {
        URL.createObjectURL = make;
        const reader = new FileReader();
        reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ""));
        reader.readAsDataURL(blob);
        return "data:,";
      };
    });
  });
  await act();
  return Buffer.from(await page.evaluate(() => (globalThis as unknown as { handed: Promise<string> }).handed), "base64");
}

async function chosen(page: Page, name: string, content: string | Buffer, act: () => Promise<void>): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await act();
  await (await chooser).setFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
}

async function menu(page: Page, entry: string): Promise<void> {
  await page.getByText("Import, export").click();
  await page.getByRole("button", { name: entry, exact: true }).click();
}

const exported = (page: Page, format: string) => downloaded(page, () => menu(page, `Export as ${format}`));

describe("items as files", () => {
  it("are exported as lines, gzip, JSON and CSV, and imported again as they were", async () => {
    const page = await site.openSample("formats", "Music");
    const lines = (await exported(page, "DynamoDB-JSON lines")).toString();
    const items = lines.trim().split("\n");
    expect(items.length).toBe(118);
    expect(Object.keys(JSON.parse(items[0]!))).toEqual(["Item"]);
    const zipped = await exported(page, "DynamoDB-JSON lines, gzipped");
    expect(Buffer.from(gunzipSync(zipped)).toString()).toBe(lines);
    const json = JSON.parse((await exported(page, "JSON")).toString()) as Record<string, unknown>[];
    expect(typeof json[0]!.Year).toBe("number");
    const csv = (await exported(page, "CSV")).toString();
    expect(csv.split("\r\n")[0]).toContain("Artist,SongTitle,");

    await page.getByLabel("Select all rows").click();
    await page.getByRole("button", { name: "Delete selected" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete items" }).click();
    await page.locator(".result-summary", { hasText: "0 items" }).waitFor();
    await chosen(page, "music.jsonl.gz", zipped, () => menu(page, "Import a file…"));
    await page.locator(".result-summary", { hasText: "118 items" }).waitFor();
    const again = (await exported(page, "DynamoDB-JSON lines")).toString().trim().split("\n");
    expect(again.sort()).toEqual(items.sort());
  });

  it("are refused as a whole when one of them cannot be put, and it is said which", async () => {
    const page = await site.openSample("refused", "Music");
    const file = "Artist,SongTitle,Year\nA,One,2001\nB,,2002\n";
    await chosen(page, "songs.csv", file, () => menu(page, "Import a file…"));
    await page.getByRole("alert").getByText("Item 2: The key attribute SongTitle is missing").waitFor();
    await chosen(page, "songs.csv", file.replace("B,,", "B,Two,"), () => menu(page, "Import a file…"));
    await page.getByText("Imported", { exact: true }).waitFor();
    await page.locator(".result-summary", { hasText: "120 items" }).waitFor();
  });

  it("are streamed where the file is large: its progress is shown, numbers are numbers, and records that are no items are told", async () => {
    const page = await site.openSample("streamed", "Music");
    const seen = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const look = () => {
            const bar = document.querySelector("dynatab-playground")?.shadowRoot?.querySelector("progress");
            if (bar && bar.value > 0) resolve(bar.ariaLabel ?? "");
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    const rows = Array.from({ length: 20_000 }, (_, at) => `Streamed,Song ${at},${1900 + (at % 100)},${"la ".repeat(20)}`);
    const file = ["Artist,SongTitle,Year,Text", ...rows, "Streamed,,2001,no title"].join("\n");
    await chosen(page, "songs.csv", file, () => menu(page, "Import a file…"));
    expect(await seen).toBe("Importing songs.csv");
    await page.getByText("20,000 items").first().waitFor();
    await page.getByRole("alert").getByText("Records refused: 1. Record 20001").waitFor();
    const lines = (await exported(page, "DynamoDB-JSON lines")).toString().trim().split("\n");
    expect(lines.length).toBe(118 + 20_000);
    const [song] = lines.filter((line) => line.includes('"Song 1234"'));
    expect(JSON.parse(song!).Item).toMatchObject({ Artist: { S: "Streamed" }, Year: { N: "1934" } });
  });
});

describe("databases as files", () => {
  it("are downloaded, opened under a new name, and duplicated", async () => {
    const page = await site.openSample("origin", "Music");
    await page.getByRole("link", { name: "Databases", exact: true }).click();
    const file = await downloaded(page, () => page.getByRole("button", { name: "Download origin" }).click());
    expect(file.subarray(0, 15).toString()).toBe("SQLite format 3");
    await chosen(page, "origin.sqlite", file, () => page.getByRole("button", { name: "Open a file…" }).click());
    await page.getByRole("heading", { name: "origin-2", level: 1 }).waitFor();
    await page
      .getByRole("link", { name: /^Music/ })
      .first()
      .waitFor();
    await page.getByRole("link", { name: "Databases", exact: true }).click();
    await page.getByRole("button", { name: "Duplicate origin-2" }).click();
    await page.getByRole("dialog").getByLabel("New name").fill("third");
    await page.getByRole("dialog").getByRole("button", { name: "Duplicate" }).click();
    await page.getByRole("button", { name: "Open third" }).click();
    await page
      .getByRole("link", { name: /^Music/ })
      .first()
      .waitFor();
  });

  it("are renamed and deleted, the open one too", async () => {
    const page = await site.openSample("before", "Music");
    await page.getByRole("link", { name: "Databases", exact: true }).click();
    await page.getByRole("button", { name: "Rename before" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("New name").fill("after");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("row", { name: /^after open/ }).waitFor();
    await page.getByRole("link", { name: "Music 118" }).waitFor();
    expect(await page.getByRole("row", { name: /^before/ }).count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Delete after" }).click();
    await dialog.getByLabel("Type after to confirm").fill("after");
    await dialog.getByRole("button", { name: "Delete database" }).click();
    await page.getByRole("row", { name: /^after/ }).waitFor({ state: "detached" });
    await page.getByText("Not open").waitFor();
  });

  it("carry their tables as a data model of NoSQL Workbench, and take one in", async () => {
    const page = await site.openSample("model", "Online shop");
    const run = async (command: string) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Command, table or database" }).fill(command);
      await page.keyboard.press("Enter");
    };
    const model = (await downloaded(page, () => run("export a data model"))).toString();
    const [table] = (JSON.parse(model) as { DataModel: { TableName: string; GlobalSecondaryIndexes: unknown[]; TableData: unknown[] }[] })
      .DataModel;
    expect([table!.TableName, table!.GlobalSecondaryIndexes.length, table!.TableData.length]).toEqual(["Shop", 2, 334]);
    await chosen(page, "model.json", model.replaceAll('"Shop"', '"Copied"'), () => run("import a data model"));
    await page.getByRole("link", { name: "Copied 334" }).click();
    await page.locator(".result-summary", { hasText: "334 items" }).waitFor();
  });
});
