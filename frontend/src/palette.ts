// The palette (Ctrl-K): go to any page, record or act by typing.
import { openDialog } from "./dialogs";
import { bindKey } from "./keys";
import { closest, icon, make, text } from "./page";

interface Entry {
  label: string;
  url: string;
  kind: string;
  icon: string;
  detail: string;
}

const DELAY_MS = 80;
let entries: Entry[] = [];
let chosen = 0;
let asked = 0;

export function startPalette(): void {
  const input = document.getElementById("palette-input") as HTMLInputElement | null;
  const list = document.getElementById("palette-list");
  if (!input || !list) return;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open(input);
    }
  });
  bindKey("Ctrl K", "keyPalette", "keysEverywhere", () => false);
  document.querySelector("form[data-palette-only]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    open(input, (event.target as HTMLFormElement).querySelector("input")?.value);
  });
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void search(input.value), DELAY_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the input method still chooses characters
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(entries[chosen], event.ctrlKey || event.metaKey);
    }
  });
  list.addEventListener("click", (event) => {
    const item = closest(event, "[data-index]");
    if (item) go(entries[Number(item.dataset["index"])], (event as MouseEvent).ctrlKey);
  });
}

function open(input: HTMLInputElement, query = ""): void {
  openDialog("palette");
  input.value = query;
  input.focus();
  void search(query);
}

async function search(query: string): Promise<void> {
  const turn = ++asked;
  try {
    const response = await fetch(`${document.body.dataset["palette"] ?? ""}?q=${encodeURIComponent(query)}`);
    if (!response.ok) throw new Error(String(response.status));
    const answer = (await response.json()) as { entries: Entry[] };
    if (turn !== asked) return; // a later question was answered already
    entries = answer.entries;
    show(entries.length ? "" : text("paletteNone", { query }));
  } catch {
    entries = [];
    if (turn === asked) show(text("paletteFailed"));
  }
}

function show(message: string): void {
  const list = document.getElementById("palette-list");
  if (!list) return;
  list.replaceChildren();
  if (message) list.append(make("li", "palette-none", message));
  let kind = "";
  entries.forEach((entry, index) => {
    if (entry.kind !== kind) {
      kind = entry.kind;
      const head = make("li", "palette-group", kind);
      head.setAttribute("role", "presentation");
      list.append(head);
    }
    const item = make("li", "palette-item");
    item.id = `palette-${index}`;
    item.dataset["index"] = String(index);
    item.setAttribute("role", "option");
    if (entry.icon) item.append(icon(entry.icon));
    item.append(make("span", "ellipsis", entry.label));
    if (entry.detail) item.append(make("span", "detail-text ellipsis", entry.detail));
    list.append(item);
  });
  choose(0);
}

function choose(index: number): void {
  if (!entries.length) return;
  chosen = (index + entries.length) % entries.length;
  for (const item of document.querySelectorAll<HTMLElement>("#palette-list [data-index]")) {
    const on = Number(item.dataset["index"]) === chosen;
    item.setAttribute("aria-selected", String(on));
    if (on) item.scrollIntoView({ block: "nearest" });
  }
  document.getElementById("palette-input")?.setAttribute("aria-activedescendant", `palette-${chosen}`);
}

function go(entry: Entry | undefined, newTab: boolean): void {
  if (!entry) return;
  if (newTab) window.open(entry.url, "_blank", "noopener");
  else location.assign(entry.url);
}
