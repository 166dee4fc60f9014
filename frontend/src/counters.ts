// Live numbers of the frame: polled with an ETag while the page is looked at, so that an idle poll costs nothing.
const EVERY_MS = 30_000;

let tag = "";

export function startCounters(): void {
  const url = document.body.dataset["counters"];
  if (!url || !document.querySelector("[data-counter]")) return;
  window.setInterval(() => {
    if (!document.hidden) void poll(url);
  }, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void poll(url);
  });
}

async function poll(url: string): Promise<void> {
  try {
    const response = await fetch(url, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    if (response.status !== 200) return;
    tag = response.headers.get("ETag") ?? "";
    const numbers = (await response.json()) as Record<string, string>;
    for (const element of document.querySelectorAll<HTMLElement>("[data-counter]")) {
      const number = numbers[element.dataset["counter"] ?? ""];
      if (number !== undefined && element.textContent !== number) element.textContent = number;
    }
  } catch {
    // No connection: the next poll tries again, and the numbers shown stay the last known.
  }
}
