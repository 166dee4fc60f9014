// What `zhiheng.ui.components.Chart` puts into the page.
export interface SeriesData {
  name: string;
  values: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  urls: string[];
}

export interface ChartData {
  kind: "line" | "bar" | "stack" | "step" | "heat";
  title: string;
  categories: string[];
  series: SeriesData[];
  unit: string;
  xLabel: string;
  decimals: number;
  target: number | null;
  limits: [number, number] | null;
  horizontal: boolean;
}

/** The data as CSV with a byte order mark, so that a spreadsheet reads the Chinese. */
export function toCsv(data: ChartData): string {
  const head = [data.xLabel, ...data.series.flatMap((each) => [each.name, ...(each.low.length ? [`${each.name} −`, `${each.name} +`] : [])])];
  const rows = data.categories.map((category, index) => [
    category,
    ...data.series.flatMap((each) => [
      each.values[index] ?? "",
      ...(each.low.length ? [each.low[index] ?? "", each.high[index] ?? ""] : []),
    ]),
  ]);
  return `\ufeff${[head, ...rows].map((row) => row.map(quote).join(",")).join("\r\n")}\r\n`;
}

/** Quotes a cell, and keeps a spreadsheet from reading text as a formula. */
function quote(cell: string | number): string {
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
