// Tables of rows that are edited: rows are added, removed and moved; selects that name rows follow what is typed there.
import { closest, eachContent, onClick, onContent, within } from "./page";
import { post } from "./requests";

const SETTLED = 700;
let timer = 0;

export function startRows(): void {
  onClick("[data-row-add]", (button) => {
    const part = button.closest<HTMLElement>("[data-rows]");
    const blank = part?.querySelector<HTMLTemplateElement>("template[data-row-blank]");
    if (!part || !blank) return;
    const box = document.createElement("template");
    box.innerHTML = blank.innerHTML.replaceAll("__n__", String(nextNumber(part)));
    const row = box.content.querySelector<HTMLElement>("[data-row]");
    part.querySelector(".edit-rows")?.append(box.content);
    for (const select of row?.querySelectorAll<HTMLSelectElement>("[data-rows-of]") ?? []) refill(select);
    row?.querySelector<HTMLElement>("input[type=text], select")?.focus();
  });
  onClick("[data-row-remove]", (button) => {
    const row = button.closest<HTMLElement>("[data-row]");
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>("[data-row-remove]");
    const form = row?.closest("form");
    row?.remove();
    next?.focus();
    changed(form);
  });
  onClick("[data-row-move]", (button) => {
    const row = button.closest<HTMLElement>("[data-row]");
    const up = button.dataset["rowMove"] === "-1";
    const other = up ? row?.previousElementSibling : row?.nextElementSibling;
    if (!row || !other) return;
    if (up) other.before(row);
    else other.after(row);
    button.focus();
    changed(row.closest("form"));
  });
  document.addEventListener("input", (event) => {
    if (closest(event, "[data-rows]")) changed(closest<HTMLFormElement>(event, "form"));
    const text = closest<HTMLTextAreaElement>(event, ".definition-text textarea");
    const box = text?.closest("details")?.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box) box.checked = true;
  });
  // Rows that are there when the page opens without anything in them are for browsers without this script.
  eachContent((root) => {
    for (const row of within(root, ".edit-row.spare")) row.remove();
    for (const box of within<HTMLElement>(root, "[data-drawn-by]")) {
      const form = box.closest("form");
      // What is drawn into the box is new content too, and must not ask for the next drawing.
      if (!form || box.dataset["watched"]) continue;
      box.dataset["watched"] = "yes";
      void draw(form, box);
    }
  });
}

/** Selects are filled again at once; the process is drawn again when the hand rests. */
function changed(form: HTMLFormElement | null | undefined): void {
  if (!form) return;
  for (const select of form.querySelectorAll<HTMLSelectElement>("[data-rows-of]")) refill(select);
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    form.dispatchEvent(new Event("input", { bubbles: true }));
    for (const box of within<HTMLElement>(form, "[data-drawn-by]")) void draw(form, box);
  }, SETTLED);
}

/** What the server makes of the rows: the drawn process, or what is still wrong with it. */
async function draw(form: HTMLFormElement, box: HTMLElement): Promise<void> {
  const answer = await post(box.dataset["drawnBy"] ?? "", new FormData(form), {});
  if (!answer) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  box.replaceChildren(...parsed.body.childNodes);
  onContent(box);
}

function nextNumber(part: HTMLElement): number {
  return Math.max(-1, ...[...part.querySelectorAll<HTMLElement>("[data-row]")].map((row) => Number(row.dataset["row"]))) + 1;
}

/** The options of a select are the rows of a table, by the name in the language of the page, else by their key. */
function refill(select: HTMLSelectElement): void {
  const part = select.form?.querySelector<HTMLElement>(`[data-rows="${select.dataset["rowsOf"] ?? ""}"]`);
  if (!part) return;
  const held = select.value;
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const options = [...part.querySelectorAll<HTMLElement>("[data-row]")].map((row) => {
    const value = (end: string): string => row.querySelector<HTMLInputElement>(`input[name$="-${end}"]`)?.value.trim() ?? "";
    return { key: row.dataset["row"] ?? "", words: value(language) || value("key") };
  });
  const wanted = options.filter(({ words }) => words);
  select.replaceChildren(new Option("—", ""), ...wanted.map(({ key, words }) => new Option(words, key)));
  select.value = wanted.some(({ key }) => key === held) ? held : "";
}
