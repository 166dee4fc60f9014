// Editing many records at once: what is filled in is meant to be set, so its box is ticked.

export function startBulk(): void {
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    const box = field.closest(".bulk-field")?.querySelector<HTMLInputElement>("input[name^='set-']");
    if (box && box !== field) box.checked = true;
  });
}
