// Forms: checked on leaving a field, guarded against leaving unsaved, their draft kept on this device.
import { ask } from "./dialogs";
import { closest, eachContent, icon, make, text, within } from "./page";
import { clearDraft, keepDraft, restoreDraft } from "./drafts";

const GUARDED = "form[data-guard], form[data-unsaved]";
const dirty = new Set<HTMLFormElement>();

export function startForms(): void {
  document.addEventListener("focusout", (event) => {
    const field = closest<HTMLInputElement>(event, "form[data-guard] :is(input, select, textarea)");
    if (field?.value !== undefined && dirty.has(field.form as HTMLFormElement)) check(field);
  });
  document.addEventListener("input", (event) => {
    const form = closest<HTMLFormElement>(event, "form");
    if (!form) return;
    if (form.matches(GUARDED)) dirty.add(form);
    if (form.dataset["draft"]) keepDraft(form);
    const field = event.target as HTMLInputElement;
    if (field.getAttribute("aria-invalid") === "true" && field.validity.valid) clear(field);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    dirty.delete(form);
    if (form.dataset["draft"]) clearDraft(form);
    for (const button of form.querySelectorAll<HTMLButtonElement>("button.go")) disableBriefly(button);
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });
  document.addEventListener("click", leaveByLink, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    closest<HTMLTextAreaElement>(event, "textarea")?.form?.requestSubmit();
  });
  eachContent((root) => {
    for (const form of within<HTMLFormElement>(root, "form[data-draft]")) if (restoreDraft(form)) dirty.add(form);
    root.querySelector<HTMLElement>("[data-error-summary]")?.focus();
  });
}

function unsaved(): boolean {
  return [...dirty].some((form) => form.isConnected && form.checkVisibility());
}

/** A link away from unsaved work asks in words; the browser's own question is for closing the tab. */
function leaveByLink(event: MouseEvent): void {
  const link = closest<HTMLAnchorElement>(event, "a[href]");
  if (!link || !unsaved() || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const target = new URL(link.href, location.href);
  const samePage = target.pathname === location.pathname && target.hash !== "";
  if (samePage || link.target || link.hasAttribute("download") || link.hasAttribute("hx-get")) return;
  event.preventDefault();
  event.stopPropagation();
  void ask(text("leaveTitle"), text("leaveText")).then((go) => {
    if (!go) return;
    dirty.clear();
    location.assign(link.href);
  });
}

function check(field: HTMLInputElement): void {
  if (field.validity.valid) {
    clear(field);
    return;
  }
  field.setAttribute("aria-invalid", "true");
  const box = field.closest(".field");
  if (!box || box.querySelector(".error")) return;
  const line = make("div", "error");
  line.dataset["client"] = "";
  line.append(icon("alert-circle"), document.createTextNode(text(field.validity.valueMissing ? "required" : "invalid")));
  box.append(line);
}

function clear(field: HTMLInputElement): void {
  field.removeAttribute("aria-invalid");
  field.closest(".field")?.querySelector(".error[data-client]")?.remove();
}

/** A second click while the answer is on its way would do it twice. */
function disableBriefly(button: HTMLButtonElement): void {
  setTimeout(() => {
    button.setAttribute("aria-disabled", "true");
    button.disabled = true;
  });
  setTimeout(() => {
    button.removeAttribute("aria-disabled");
    button.disabled = false;
  }, 4000);
}
