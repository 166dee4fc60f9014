// The composer of a ticket: choosing who reads it puts the cursor into the text; names of chosen files are shown.
import { text } from "./page";

export function startComposers(): void {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    if (input.type === "radio") input.closest("[data-composer]")?.querySelector("textarea")?.focus();
    if (input.type === "file") showNames(input);
  });
  // A key picks the kind even when it is picked already: then there is no change, but the text is wanted all the same.
  document.addEventListener("click", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "radio") {
      event.target.closest("[data-composer]")?.querySelector("textarea")?.focus();
    }
  });
}

function showNames(input: HTMLInputElement): void {
  const place = input.closest(".file-pick, .file-field")?.querySelector("[data-file-names]");
  const names = [...(input.files ?? [])].map((file) => file.name).join(", ");
  if (place) place.textContent = names || (place.closest(".file-field") ? text("noFile") : "");
}
