// Keeps "4 min ago" true while the page stays open; written as `zhiheng.ui.formatting.since` writes it.
import { text } from "./page";

const EVERY_MS = 30_000;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

export function startTimes(): void {
  window.setInterval(refresh, EVERY_MS);
}

function refresh(): void {
  const now = Date.now();
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-time="since"]')) {
    const shown = since((now - Date.parse(element.dateTime)) / 1000);
    if (shown) element.textContent = shown;
  }
}

function since(seconds: number): string {
  const size = Math.floor(Math.abs(seconds));
  if (size < MINUTE) return text("justNow");
  if (size > 30 * DAY) return "";
  const [unit, key] = size < HOUR ? [MINUTE, "minutes"] : size < DAY ? [HOUR, "hours"] : [DAY, "days"];
  const time = text(key as string, { count: Math.floor(size / (unit as number)) });
  return text(seconds > 0 ? "ago" : "in", { time });
}
