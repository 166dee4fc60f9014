// Native dialogs: opening, loading a form into one, and asking before something is done.
import { closest, make, onClick, text } from "./page";
import { loadInto } from "./requests";

export function startDialogs(): void {
  onClick("[data-dialog-open]", (element) => openDialog(element.dataset["dialogOpen"] ?? ""));
  onClick("[data-dialog-load]", (element, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a link opened beside stays a link
    event.preventDefault();
    void loadDialog(element);
  });
  onClick("[data-dialog-close]", (element, event) => {
    const dialog = element.closest("dialog");
    if (!dialog) return;
    event.preventDefault();
    dialog.close();
  });
  document.addEventListener("click", (event) => {
    // A click on the backdrop has the dialog itself as its target.
    if (event.target instanceof HTMLDialogElement && event.target.id !== "confirm-dialog") event.target.close();
  });
  document.addEventListener("click", guardClick, true);
}

/** Shows the dialog with this id. */
export function openDialog(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return null;
  if (!dialog.open) dialog.showModal();
  return dialog;
}

/** Asks; resolves to whether to go on. */
export function ask(title: string, detail = "", go = text("confirm")): Promise<boolean> {
  const dialog = openDialog("confirm-dialog");
  const button = document.getElementById("confirm-go");
  if (!dialog || !button) return Promise.resolve(true);
  (document.getElementById("confirm-title") as HTMLElement).textContent = title;
  (document.getElementById("confirm-text") as HTMLElement).textContent = detail;
  button.textContent = go;
  return new Promise((resolve) => {
    let agreed = false;
    const agree = (): void => {
      agreed = true;
      dialog.close();
    };
    button.addEventListener("click", agree);
    dialog.addEventListener("close", () => {
      button.removeEventListener("click", agree);
      resolve(agreed);
    }, { once: true });
  });
}

/** Opens what a button or link leads to in a dialog, under its own words; without a dialog the link is followed. */
async function loadDialog(opener: HTMLElement): Promise<void> {
  const url = opener.dataset["dialogLoad"] || opener.getAttribute("href") || "";
  const dialog = openDialog("load-dialog");
  const body = document.getElementById("load-body");
  if (!dialog || !body) return location.assign(url);
  (document.getElementById("load-title") as HTMLElement).textContent = opener.dataset["dialogTitle"] ?? wordsOf(opener);
  body.replaceChildren(make("p", "muted", text("loading")));
  if (!(await loadInto(body, url))) dialog.close();
  body.querySelector<HTMLElement>("[autofocus], input:not([type=hidden]), select, textarea")?.focus();
}

/** The words of a button without its key. */
function wordsOf(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const key of copy.querySelectorAll("kbd, svg")) key.remove();
  return copy.textContent?.trim() || (element.getAttribute("aria-label") ?? "");
}

/** Stops a click on `data-confirm` until the person agreed, then repeats it; posts a button that has no form. */
function guardClick(event: Event): void {
  const element = closest<HTMLButtonElement>(event, "[data-confirm], [data-post]");
  if (!element) return;
  const question = element.dataset["confirm"];
  const post = element.form ? undefined : element.dataset["post"];
  if (!question && !post) return;
  if (element.dataset["agreed"]) {
    delete element.dataset["agreed"];
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  void (question ? ask(question, "", element.textContent?.trim()) : Promise.resolve(true)).then((agreed) => {
    if (!agreed) return;
    if (post) submitTo(post);
    else {
      element.dataset["agreed"] = "yes";
      element.click();
    }
  });
}

function submitTo(url: string): void {
  const form = make("form");
  form.method = "post";
  form.action = url;
  const token = make("input");
  token.type = "hidden";
  token.name = "csrfmiddlewaretoken";
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  token.value = headers["X-CSRFToken"] ?? "";
  form.append(token);
  document.body.append(form);
  form.submit();
}
