// Drafts of forms, kept on this device for the person who wrote them, for a week at most.
import { text } from "./page";
import { toast } from "./toasts";

const WEEK_MS = 7 * 86_400_000;
const NEVER = new Set(["csrfmiddlewaretoken", "seen"]);

interface Draft {
  at: number;
  values: [string, string][];
}

/** Keeps what the form holds now. */
export function keepDraft(form: HTMLFormElement): void {
  const values = [...new FormData(form)].filter((pair): pair is [string, string] => {
    const field = form.elements.namedItem(pair[0]);
    const secret = field instanceof HTMLInputElement && field.type === "password";
    return typeof pair[1] === "string" && !NEVER.has(pair[0]) && !secret;
  });
  localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values } satisfies Draft));
}

/** Drops the draft. */
export function clearDraft(form: HTMLFormElement): void {
  localStorage.removeItem(keyOf(form));
}

/** Fills a kept draft in and says so; not over a form that came back with mistakes. Returns whether it did. */
export function restoreDraft(form: HTMLFormElement): boolean {
  const kept = localStorage.getItem(keyOf(form));
  if (!kept || form.querySelector("[data-error-summary], .error")) return false;
  const draft = JSON.parse(kept) as Draft;
  if (Date.now() - draft.at > WEEK_MS) {
    clearDraft(form);
    return false;
  }
  fill(form, draft.values);
  const time = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  toast(text("draftKept", { time }), "", {
    label: text("draftDrop"),
    run: () => {
      clearDraft(form);
      form.reset();
    },
  });
  return true;
}

function fill(form: HTMLFormElement, values: [string, string][]): void {
  const held = new Map<string, string[]>();
  for (const [name, value] of values) held.set(name, [...(held.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
      field.checked = held.get(field.name)?.includes(field.value) ?? false;
    } else if (field instanceof HTMLSelectElement && field.multiple) {
      for (const option of field.options) option.selected = held.get(field.name)?.includes(option.value) ?? false;
    } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
      const value = held.get(field.name)?.shift();
      if (value !== undefined && field.type !== "file" && field.type !== "password") field.value = value;
    }
  }
}

function keyOf(form: HTMLFormElement): string {
  return `draft:${document.body.dataset["person"] ?? ""}:${location.pathname}:${form.dataset["draft"] ?? ""}`;
}
