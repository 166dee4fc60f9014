// Staying in the list: an act done from the peek is sent beside the page; then its row and the peek are drawn anew.
import { openDialog } from "./dialogs";
import { replaceRow } from "./lists";
import { make, onContent, text } from "./page";
import { isPeeking, peekedRow, refreshPeek } from "./peek";
import { post } from "./requests";
import { toast } from "./toasts";

export function startStaying(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || !stays(form)) return;
    event.preventDefault();
    void send(form, event.submitter as HTMLButtonElement | null);
  });
}

/** Forms of the peek, and of a dialog over it, that would lead away; what htmx sends stays by itself. */
function stays(form: HTMLFormElement): boolean {
  if (!isPeeking() || form.method !== "post" || form.hasAttribute("hx-post")) return false;
  return form.closest("#peek-body, #load-body") !== null;
}

async function send(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  const answer = await post(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", body, { "X-Stay": "1" });
  if (!answer) return;
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const { message } = (await answer.json()) as { message: string };
    (document.getElementById("load-dialog") as HTMLDialogElement | null)?.close();
    toast(message, "success");
    await Promise.all([refreshRow(), refreshPeek()]);
    return;
  }
  show(new DOMParser().parseFromString(await answer.text(), "text/html"), button);
}

/** What stood in the way: the form with its errors in the dialog, or the sentence of a refusal. */
function show(page: Document, button: HTMLButtonElement | null): void {
  const form = page.querySelector("form.record-form");
  const body = document.getElementById("load-body");
  if (!form || !body) {
    toast(page.querySelector(".answer")?.textContent?.trim() ?? text("requestFailed", { status: "" }), "error");
    return;
  }
  const dialog = document.getElementById("load-dialog") as HTMLDialogElement;
  const title = document.getElementById("load-title");
  if (!dialog.open && title) title.textContent = button?.textContent?.trim() ?? "";
  openDialog("load-dialog");
  body.replaceChildren(form);
  onContent(body);
  body.querySelector<HTMLElement>(".wrong :is(input, select, textarea), button.go")?.focus();
}

/** The row as the list shows it now; one that left the list stays, faded, until the list is loaded again. */
async function refreshRow(): Promise<void> {
  const row = peekedRow();
  const table = row?.closest("#record-table");
  if (!row || !table) return;
  const answer = await fetch(location.href, { headers: { "HX-Request": "true", "HX-Target": table.id } });
  if (!answer.ok) return;
  const list = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = list.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.dataset["row"] ?? "")}"]`);
  if (fresh) replaceRow(row, document.importNode(fresh, true));
  else if (!row.classList.contains("gone")) {
    row.classList.add("gone");
    row.title = text("rowGone");
    row.querySelector("td:last-child")?.append(make("span", "visually-hidden", text("rowGone")));
  }
  const [foot, count] = [".table-foot > span", list.querySelector(".table-foot > span")];
  const shown = table.querySelector(foot);
  if (shown && count) shown.textContent = count.textContent;
}
