// Loads the chunks that draw charts and process maps, only on pages that have some.
import { eachContent, text, within } from "./page";
import { toast } from "./toasts";

export function startDrawings(): void {
  eachContent((root) => {
    const charts = within(root, "[data-chart]");
    const maps = within(root, "[data-process-map]");
    if (charts.length) void import("./charts/chart").then((part) => charts.forEach(part.drawChart)).catch(failed);
    if (maps.length) void import("./maps/process-map").then((part) => maps.forEach(part.drawProcessMap)).catch(failed);
  });
}

function failed(error: unknown): void {
  toast(text("chartFailed"), "warning");
  console.error(error);
}
