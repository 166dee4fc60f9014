// The peek: a look at a record at the right of its list, without leaving the list.
import { make, onClick, text } from "./page";
import { loadInto } from "./requests";

let shown = "";

export function startPeek(): void {
  onClick("[data-peek-close]", closePeek);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown && !document.querySelector("dialog[open]")) closePeek();
  });
}

/** Whether a peek is open. */
export function isPeeking(): boolean {
  return shown !== "";
}

/** The row whose record is shown. */
export function peekedRow(): HTMLElement | null {
  return shown ? document.querySelector<HTMLElement>(`[data-peek="${CSS.escape(shown)}"]`) : null;
}

/** Draws the record anew, where it is. */
export async function refreshPeek(): Promise<void> {
  const body = document.getElementById("peek-body");
  if (shown && body) await loadInto(body, shown);
}

/** Shows a row's record, or closes the peek if it is the one shown. */
export async function togglePeek(row: HTMLElement): Promise<void> {
  if (shown === row.dataset["peek"]) closePeek();
  else await peekAt(row);
}

/** Shows a row's record. */
export async function peekAt(row: HTMLElement): Promise<void> {
  const panel = document.getElementById("peek-panel");
  const body = document.getElementById("peek-body");
  const url = row.dataset["peek"];
  if (!panel || !body || !url) return;
  shown = url;
  panel.hidden = false;
  const open = document.getElementById("peek-open") as HTMLAnchorElement;
  open.href = row.dataset["url"] ?? url;
  (document.getElementById("peek-title") as HTMLElement).textContent =
    row.querySelector(".row-link")?.textContent ?? row.querySelector("a")?.textContent ?? "";
  body.replaceChildren(make("p", "muted", text("loading")));
  if (!(await loadInto(body, url)) && shown === url) closePeek();
}

/** Closes the peek. */
export function closePeek(): void {
  shown = "";
  const panel = document.getElementById("peek-panel");
  if (panel) panel.hidden = true;
}
