// Turns a long select into a search. The select stays and is what the form sends.
import { eachContent, make, text, within } from "./page";

const MOST = 50;
let count = 0;

export function startComboboxes(): void {
  eachContent((root) => {
    for (const select of within<HTMLSelectElement>(root, "select[data-combobox]")) replace(select);
  });
}

function replace(select: HTMLSelectElement): void {
  delete select.dataset["combobox"];
  const id = `combobox-${++count}`;
  const box = make("div", "combobox");
  const input = make("input");
  input.type = "text";
  input.autocomplete = "off";
  input.placeholder = text("searchChoices");
  const list = make("ul", "combobox-list");
  list.id = id;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", id]] as const) {
    input.setAttribute(name, value);
  }
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  input.setAttribute("aria-label", label?.textContent ?? "");
  label?.addEventListener("click", () => input.focus());
  input.value = labelOf(select);
  select.hidden = true;
  select.after(box);
  box.append(input, list);
  wire(select, input, list);
}

function labelOf(select: HTMLSelectElement): string {
  return select.value ? (select.selectedOptions[0]?.text ?? "") : "";
}

function wire(select: HTMLSelectElement, input: HTMLInputElement, list: HTMLElement): void {
  let at = 0;
  const close = (): void => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const mark = (index: number): void => {
    const items = [...list.querySelectorAll<HTMLElement>("[data-value]")];
    if (!items.length) return;
    at = (index + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    items[at]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[at]?.id ?? "");
  };
  const open = (query: string): void => {
    fill(select, list, query);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(0);
  };
  const take = (value: string | undefined): void => {
    if (value === undefined) return;
    select.value = value;
    input.value = labelOf(select);
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  };
  input.addEventListener("focus", () => {
    input.select();
    open("");
  });
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    open(input.value);
  });
  input.addEventListener("blur", () => {
    close();
    input.value = labelOf(select);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(at + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter") take(list.querySelectorAll<HTMLElement>("[data-value]")[at]?.dataset["value"]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // keeps the focus in the input
    take((event.target as Element).closest<HTMLElement>("[data-value]")?.dataset["value"]);
  });
}

function fill(select: HTMLSelectElement, list: HTMLElement, query: string): void {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  const fitting = [...select.options].filter((option) => words.every((word) => option.text.toLowerCase().includes(word)));
  list.replaceChildren(
    ...fitting.slice(0, MOST).map((option, index) => {
      const item = make("li", "menu-item", option.text);
      item.id = `${list.id}-${index}`;
      item.dataset["value"] = option.value;
      item.setAttribute("role", "option");
      return item;
    }),
  );
  if (!fitting.length) list.append(make("li", "menu-head", text("noMatch")));
}
