// The order of columns: check boxes of a form are dragged into order, and sent as one parameter.
import { closest, eachContent, within } from "./page";

export function startColumns(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const name = form.dataset["join"];
    if (name) joinBoxes(form, name);
  });
  let dragged: HTMLElement | null = null;
  document.addEventListener("dragstart", (event) => {
    dragged = closest(event, "form[data-join] label");
  });
  document.addEventListener("dragover", (event) => {
    const over = closest(event, "form[data-join] label");
    if (!dragged || !over || over === dragged || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
  });
  document.addEventListener("dragend", () => {
    dragged = null;
  });
  document.addEventListener("keydown", moveByKey);
  eachContent((root) => {
    for (const label of within(root, "form[data-join] label")) label.draggable = true;
  });
}

/** alt + arrow moves a column, for those who do not drag. */
function moveByKey(event: KeyboardEvent): void {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const label = closest(event, "form[data-join] label");
  const other = event.key === "ArrowUp" ? label?.previousElementSibling : label?.nextElementSibling;
  if (!label || !other?.matches("label")) return;
  event.preventDefault();
  other[event.key === "ArrowUp" ? "before" : "after"](label);
  label.querySelector("input")?.focus();
}

function joinBoxes(form: HTMLFormElement, name: string): void {
  const boxes = [...form.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(name)}"]`)];
  const joined = document.createElement("input");
  joined.type = "hidden";
  joined.name = name;
  joined.value = boxes.filter((box) => box.checked).map((box) => box.value).join(",");
  for (const box of boxes) box.disabled = true;
  form.append(joined);
}
