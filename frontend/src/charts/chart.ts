// Charts by ECharts, loaded only where there is one. The same data stands as a table under each.
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

import { icon, readJson, text } from "../page";
import { onTheme } from "../theme";
import { type ChartData, toCsv } from "./data";
import { download, tool } from "./export";
import { optionsFor } from "./options";
import { readTokens } from "./theme";

use([
  BarChart, HeatmapChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  TooltipComponent, VisualMapComponent, LabelLayout, CanvasRenderer,
]);

export function drawChart(box: HTMLElement): void {
  const data = readJson<ChartData>(box.dataset["chart"] ?? "");
  const canvas = box.querySelector<HTMLElement>(".chart-canvas");
  if (!data || !canvas || canvas.dataset["drawn"]) return;
  canvas.dataset["drawn"] = "yes";
  const chart = init(canvas);
  const draw = (): void => chart.setOption(optionsFor(data, readTokens()), true);
  draw();
  onTheme(draw);
  matchMedia("print").addEventListener("change", draw);
  new ResizeObserver(() => chart.resize()).observe(canvas);
  chart.on("click", (event) => {
    const url = data.series[event.seriesIndex ?? 0]?.urls[event.dataIndex];
    if (url) location.assign(url);
  });
  addTools(box, chart, data);
}

function addTools(box: HTMLElement, chart: ECharts, data: ChartData): void {
  const tools = box.querySelector("[data-chart-tools]");
  tools?.append(
    tool(icon("download"), "PNG", text("savePng"), () => {
      const url = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: readTokens().surface });
      download(`${data.title}.png`, url);
    }),
    tool(icon("table"), "CSV", text("saveCsv"), () => {
      const url = URL.createObjectURL(new Blob([toCsv(data)], { type: "text/csv;charset=utf-8" }));
      download(`${data.title}.csv`, url);
      URL.revokeObjectURL(url);
    }),
  );
}
