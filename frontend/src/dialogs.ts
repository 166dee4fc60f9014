// Native dialogs: opening, loading a form into one, and asking before something is done.
import { closest, make, onClick, text } from "./page";
import { loadInto } from "./requests";

export function startDialogs(): void {
  onClick("[data-dialog-open]", (element) => openDialog(element.dataset["dialogOpen"] ?? ""));
  onClick("[data-dialog-load]", (element) => void loadDialog(element.dataset["dialogLoad"] ?? ""));
  onClick("[data-dialog-close]", (element) => element.closest("dialog")?.close());
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

async function loadDialog(url: string): Promise<void> {
  const dialog = openDialog("load-dialog");
  if (!dialog) return;
  dialog.replaceChildren(make("p", "dialog-body muted", text("loading")));
  if (!(await loadInto(dialog, url))) dialog.close();
  dialog.querySelector<HTMLElement>("[autofocus], input:not([type=hidden]), select, textarea")?.focus();
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
