// The keyboard: a registry of single keys with what they do, and a dialog that lists them.
import { openDialog } from "./dialogs";
import { isTyping, make, onClick, text } from "./page";

export type Scope = "keysEverywhere" | "keysList" | "keysRecord";

interface Key {
  key: string;
  label: string;
  scope: Scope;
  /** Returns false where there was nothing to do, so that the next meaning of the key is tried. */
  run: (event: KeyboardEvent) => boolean | void;
}

const keys: Key[] = [];

/** Gives a key a meaning; `label` is a key of the catalogue. Keys registered later are tried first. */
export function bindKey(key: string, label: string, scope: Scope, run: Key["run"]): void {
  keys.unshift({ key, label, scope, run });
}

export function startKeys(): void {
  bindKey("?", "keyHelp", "keysEverywhere", showKeys);
  bindKey("/", "keySearch", "keysEverywhere", () => focusOn("#top-search, main input[type=search]"));
  bindKey("c", "keyCreate", "keysEverywhere", create);
  for (const [key, label] of [["[", "keyNewer"], ["]", "keyOlder"]] as const) {
    bindKey(key, label, "keysList", () => press(key) || follow(key === "[" ? "prev" : "next"));
  }
  const acts = { a: "keyAssign", s: "keyState", r: "keyReply", n: "keyNote", e: "keyEdit" };
  for (const [key, label] of Object.entries(acts)) bindKey(key, label, "keysRecord", () => press(key));
  onClick("[data-keys]", showKeys);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open], .menu:popover-open")) return;
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const done = keys.some((each) => each.key === pressed && each.run(event) !== false) || press(pressed);
    if (done) event.preventDefault();
  });
}

/** Clicks the control that shows this key; `inside` is a selector of where to look, with the space after it. */
export function press(key: string, inside = ""): boolean {
  const controls = document.querySelectorAll<HTMLElement>(`${inside}[data-key="${CSS.escape(key)}"]`);
  // What stands in a closed menu is there as well; what is hidden in any other way is not.
  const there = (each: HTMLElement): boolean => each.checkVisibility() || (each.closest("[popover]")?.parentElement?.checkVisibility() ?? false);
  const control = [...controls].find((each) => there(each) && !each.matches("[disabled], [aria-disabled=true]"));
  control?.click();
  return control !== undefined;
}

function follow(rel: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(`a[rel="${rel}"]`);
  link?.click();
  return link !== null;
}

function create(): boolean {
  if (press("c")) return true;
  const menu = document.getElementById("create-menu");
  const links = menu?.querySelectorAll<HTMLAnchorElement>("a") ?? [];
  if (links.length === 1) links[0]?.click();
  else if (menu) {
    menu.showPopover();
    links[0]?.focus();
  }
  return links.length > 0;
}

function focusOn(selector: string): boolean {
  const field = [...document.querySelectorAll<HTMLInputElement>(selector)].find((each) => each.checkVisibility());
  field?.focus();
  field?.select();
  return field !== undefined;
}

function showKeys(): void {
  const list = document.getElementById("keys-list");
  if (!list) return;
  list.replaceChildren();
  const shown: [Scope, Key[]][] = (["keysEverywhere", "keysList", "keysRecord"] as const).map((scope) => [
    scope, keys.filter((each) => each.scope === scope).reverse(),
  ]);
  for (const [scope, entries] of shown) {
    list.append(make("h3", "", text(scope)));
    for (const entry of entries) {
      const line = make("div");
      line.append(make("span", "", text(entry.label)), make("kbd", "", entry.key === " " ? "Space" : entry.key));
      list.append(line);
    }
  }
  openDialog("keys-dialog");
}
