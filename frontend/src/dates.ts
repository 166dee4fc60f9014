// A calendar beside an input for a day or a moment: text stays what the form sends, written as the page writes dates.
import { eachContent, icon, make, text, within } from "./page";

const WEEK = 7;
const ROWS = 6;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WEEK, ArrowDown: WEEK };
let count = 0;

export function startDates(): void {
  eachContent((root) => {
    for (const input of within<HTMLInputElement>(root, "input[data-date]")) furnish(input);
  });
}

function furnish(input: HTMLInputElement): void {
  if (input.disabled || input.readOnly || input.closest(".date-field")) return;
  const id = `calendar-${++count}`;
  const box = make("span", "date-field");
  const button = make("button", "btn quiet icon-only");
  button.type = "button";
  button.setAttribute("popovertarget", id);
  button.setAttribute("aria-label", text("chooseDay"));
  button.append(icon("calendar"));
  const calendar = make("div", "calendar");
  calendar.id = id;
  calendar.popover = "auto";
  calendar.setAttribute("role", "dialog");
  calendar.setAttribute("aria-label", text("chooseDay"));
  input.before(box);
  box.append(input, button, calendar);
  // Going from the text to its calendar is not leaving the field: nothing is checked yet.
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && box.contains(event.relatedTarget)) event.stopPropagation();
  });
  calendar.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") draw(calendar, input, dayOf(input.value) ?? new Date());
  });
  calendar.addEventListener("toggle", (event) => {
    if (event.newState === "open") calendar.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
  calendar.addEventListener("click", (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-day]");
    if (pressed) take(calendar, input, pressed.dataset["day"] ?? "");
  });
  calendar.addEventListener("keydown", (event) => move(event, calendar, input));
}

/** The month around a day as a grid that begins on Monday. */
function draw(calendar: HTMLElement, input: HTMLInputElement, day: Date): void {
  const [first, today, chosen] = [new Date(day.getFullYear(), day.getMonth(), 1), iso(new Date()), iso(dayOf(input.value))];
  const head = make("div", "calendar-head");
  head.append(turn("chevron-left", "monthBefore", -1), make("span", "strong", iso(day).slice(0, 7)), turn("chevron-right", "monthAfter", 1));
  const table = make("table");
  const names = make("tr");
  const start = shifted(first, -((first.getDay() + 6) % WEEK));
  const weekday = new Intl.DateTimeFormat(text("lang"), { weekday: "narrow" });
  for (let place = 0; place < WEEK; place++) names.append(make("th", "", weekday.format(shifted(start, place))));
  table.append(names);
  for (let row = 0; row < ROWS; row++) {
    const line = make("tr");
    for (let place = 0; place < WEEK; place++) line.append(cell(shifted(start, row * WEEK + place)));
    table.append(line);
  }
  const now = make("button", "btn small", text("today"));
  now.type = "button";
  now.dataset["day"] = today;
  calendar.replaceChildren(head, table, now);

  function turn(name: string, label: string, step: number): HTMLElement {
    const button = make("button", "btn quiet icon-only small");
    button.type = "button";
    button.setAttribute("aria-label", text(label));
    button.append(icon(name));
    button.addEventListener("click", () => draw(calendar, input, monthsOn(day, step)));
    return button;
  }

  function cell(each: Date): HTMLElement {
    const value = iso(each);
    const button = make("button", each.getMonth() === day.getMonth() ? "" : "other", String(each.getDate()));
    button.type = "button";
    button.dataset["day"] = value;
    button.tabIndex = value === iso(day) ? 0 : -1;
    button.setAttribute("aria-label", value);
    if (value === today) button.setAttribute("aria-current", "date");
    if (value === chosen) button.setAttribute("aria-pressed", "true");
    const place = make("td");
    place.append(button);
    return place;
  }
}

function move(event: KeyboardEvent, calendar: HTMLElement, input: HTMLInputElement): void {
  const day = dayOf((event.target as HTMLElement).dataset["day"] ?? "");
  const step = STEPS[event.key];
  const months = event.key === "PageUp" ? -1 : event.key === "PageDown" ? 1 : 0;
  if (!day || (step === undefined && !months)) return;
  event.preventDefault();
  event.stopPropagation();
  draw(calendar, input, months ? monthsOn(day, months) : shifted(day, step ?? 0));
  calendar.querySelector<HTMLElement>("td [tabindex='0']")?.focus();
}

function take(calendar: HTMLElement, input: HTMLInputElement, day: string): void {
  const held = /\d{1,2}:\d{2}/u.exec(input.value)?.[0];
  const now = new Date();
  const time = held ?? `${two(now.getHours())}:${two(now.getMinutes())}`;
  input.value = input.dataset["date"] === "minute" ? `${day} ${time}` : day;
  calendar.hidePopover();
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function dayOf(value: string): Date | null {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})/u.exec(value);
  return match ? new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : null;
}

function shifted(day: Date, days: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}

/** The same day of another month, or its last where that month is shorter. */
function monthsOn(day: Date, months: number): Date {
  const last = new Date(day.getFullYear(), day.getMonth() + months + 1, 0).getDate();
  return new Date(day.getFullYear(), day.getMonth() + months, Math.min(day.getDate(), last));
}

function iso(day: Date | null): string {
  return day ? `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}` : "";
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
