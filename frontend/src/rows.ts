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
    if (!row) return;
    unfold(row, true);
    row.querySelector<HTMLElement>("input[type=text], select")?.focus();
  });
  onClick("[data-row-open]", turn);
  document.addEventListener("keydown", (event) => {
    const head = event.key === "Enter" || event.key === " " ? closest(event, "[data-row-open]") : null;
    if (!head) return;
    event.preventDefault();
    turn(head);
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
    for (const row of within<HTMLElement>(root, ".edit-row")) {
      unfold(row, row.classList.contains("wrong"));
      entitle(row);
    }
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
  for (const row of form.querySelectorAll<HTMLElement>(".edit-row")) entitle(row);
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

function turn(head: HTMLElement): void {
  const row = head.closest<HTMLElement>("[data-row]");
  if (row) unfold(row, !row.classList.contains("open"));
}

/** On a phone a row shows its line alone until it is unfolded; on a wide screen this changes nothing. */
function unfold(row: HTMLElement, open: boolean): void {
  row.classList.toggle("open", open);
  row.querySelector("[data-row-open]")?.setAttribute("aria-expanded", String(open));
}

/** The line of a row: its name and what it means, or from where it leads to where. */
function entitle(row: HTMLElement): void {
  const title = row.querySelector<HTMLElement>(".row-title");
  if (!title) return;
  const chosen = (end: string): string => {
    const select = row.querySelector<HTMLSelectElement>(`select[name$="-${end}"]`);
    return select?.value ? (select.selectedOptions[0]?.text ?? "") : "";
  };
  const name = nameOf(row);
  const [head, more] = row.matches(".is-move")
    ? [[chosen("from"), chosen("to")].filter(Boolean).join(" → "), name]
    : [name, chosen("category")];
  const rest = document.createElement("span");
  rest.className = "muted";
  rest.textContent = more;
  title.replaceChildren(head || (more ? "" : (title.dataset["empty"] ?? "")), ...(more ? [" ", rest] : []));
}

/** What a row is called: its name in the language of the page, else its key. */
function nameOf(row: HTMLElement): string {
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const value = (end: string): string => row.querySelector<HTMLInputElement>(`input[name$="-${end}"]`)?.value.trim() ?? "";
  return value(language) || value("key");
}

function nextNumber(part: HTMLElement): number {
  return Math.max(-1, ...[...part.querySelectorAll<HTMLElement>("[data-row]")].map((row) => Number(row.dataset["row"]))) + 1;
}

/** The options of a select are the rows of a table, by what they are called. */
function refill(select: HTMLSelectElement): void {
  const part = select.form?.querySelector<HTMLElement>(`[data-rows="${select.dataset["rowsOf"] ?? ""}"]`);
  if (!part) return;
  const held = select.value;
  const options = [...part.querySelectorAll<HTMLElement>("[data-row]")].map((row) => ({
    key: row.dataset["row"] ?? "",
    words: nameOf(row),
  }));
  const wanted = options.filter(({ words }) => words);
  select.replaceChildren(new Option("—", ""), ...wanted.map(({ key, words }) => new Option(words, key)));
  select.value = wanted.some(({ key }) => key === held) ? held : "";
}
