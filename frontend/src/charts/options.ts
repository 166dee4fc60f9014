// From chart data to ECharts options: bars from zero, units on axes, direct labels, patterns beside colours.
import type { EChartsCoreOption } from "echarts/core";

import { text } from "../page";
import type { ChartData, SeriesData } from "./data";
import type { Tokens } from "./theme";

type Option = Record<string, unknown>;

/** Numbers as the rest of the page writes them. */
export function format(value: unknown, decimals: number): string {
  if (typeof value !== "number") return "—";
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−");
}

export function optionsFor(data: ChartData, tokens: Tokens): EChartsCoreOption {
  if (data.kind === "heat") return heat(data, tokens);
  const bars = data.kind === "bar" || data.kind === "stack";
  const direct = !bars && data.series.length > 1;
  const category = isMeasured(data) ? measuredAxis(data, tokens) : categoryAxis(data, tokens);
  const value = valueAxis(data, tokens, bars);
  return {
    ...frame(data, tokens),
    legend: { show: bars && data.series.length > 1, top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: tokens.muted } },
    grid: { left: 8, right: rightMargin(data, direct), top: bars && data.series.length > 1 ? 56 : 28, bottom: data.xLabel ? 24 : 8, containLabel: true },
    xAxis: data.horizontal ? value : category,
    yAxis: data.horizontal ? { ...category, inverse: true } : value,
    series: [...data.series.flatMap((each, index) => drawSeries(data, each, index, tokens)), ...bands(data, tokens)],
  };
}

/** Room for what is written at the right end: names of lines, or the target of bars. */
function rightMargin(data: ChartData, direct: boolean): number {
  if (direct) return 110;
  return data.target !== null && (data.kind === "bar" || data.kind === "stack") ? 84 : 24;
}

function frame(data: ChartData, tokens: Tokens): Option {
  return {
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
    textStyle: { fontFamily: tokens.font, color: tokens.text },
    color: tokens.series,
    aria: { enabled: true, decal: { show: data.kind !== "heat" } },
    // Rich text is drawn on the canvas: an HTML tooltip would need inline styles, which the policy refuses.
    tooltip: {
      renderMode: "richText",
      trigger: data.kind === "heat" ? "item" : "axis",
      backgroundColor: tokens.raised,
      borderColor: tokens.line,
      textStyle: { color: tokens.text, fontSize: 12 },
      valueFormatter: (value: unknown) => `${format(value, data.decimals)} ${data.unit}`.trim(),
    },
  };
}

/** Whether the categories of a step line are amounts: then equal lengths of the axis must mean equal amounts. */
function isMeasured(data: ChartData): boolean {
  return data.kind === "step" && data.categories.every((each) => each !== "" && Number.isFinite(Number(each)));
}

function measuredAxis(data: ChartData, tokens: Tokens): Option {
  const most = Math.max(...data.categories.map(Number));
  return {
    ...categoryAxis(data, tokens), type: "value", data: undefined, boundaryGap: undefined, min: 0, max: Math.ceil(most),
    splitLine: { show: false }, axisLabel: { color: tokens.muted, fontSize: 11, hideOverlap: true, showMaxLabel: false },
  };
}

/** The values of a series, with their place on the axis where that is an amount. */
function placed(data: ChartData, values: (number | null)[]): unknown[] {
  return isMeasured(data) ? values.map((value, index) => [Number(data.categories[index]), value]) : values;
}

function categoryAxis(data: ChartData, tokens: Tokens): Option {
  return {
    type: "category",
    data: data.categories,
    name: data.horizontal ? "" : data.xLabel,
    nameLocation: "middle",
    nameGap: 28,
    nameTextStyle: { color: tokens.faint },
    boundaryGap: data.kind === "bar" || data.kind === "stack",
    axisLine: { lineStyle: { color: tokens.line } },
    axisTick: { show: false },
    axisLabel: { color: tokens.muted, fontSize: 11, hideOverlap: true },
  };
}

function valueAxis(data: ChartData, tokens: Tokens, fromZero: boolean): Option {
  return {
    type: "value",
    name: data.unit,
    nameTextStyle: { color: tokens.faint, align: "right" },
    scale: !fromZero,
    min: fromZero ? 0 : undefined,
    splitLine: { lineStyle: { color: tokens.line } },
    axisLabel: { color: tokens.muted, fontSize: 11, formatter: (value: number) => value.toLocaleString("en-US") },
  };
}

function drawSeries(data: ChartData, each: SeriesData, index: number, tokens: Tokens): Option[] {
  const bars = data.kind === "bar" || data.kind === "stack";
  const target = index === 0 && data.target !== null ? markTarget(data, tokens, bars) : undefined;
  const color = tokens.series[index % 6];
  const drawn: Option = {
    id: `series-${index}`,
    color,
    name: each.name,
    type: bars ? "bar" : "line",
    data: placed(data, each.values),
    cursor: each.urls.length ? "pointer" : "default",
    markLine: target,
    ...(data.kind === "stack" ? { stack: "all" } : {}),
    ...(data.kind === "step" ? { step: "end" } : {}),
  };
  if (bars) Object.assign(drawn, { barMaxWidth: 28, itemStyle: { borderRadius: data.kind === "bar" ? [2, 2, 0, 0] : 0 } });
  else {
    Object.assign(drawn, {
      symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
      symbolSize: 6,
      showSymbol: data.categories.length <= 40,
      lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][index % 3] },
      endLabel: { show: data.series.length > 1, formatter: each.name, color, fontSize: 11 },
      labelLayout: { moveOverlap: "shiftY" },
    });
  }
  return each.low.length ? [drawn, ...interval(data, each, index, tokens)] : [drawn];
}

/** The interval as two stacked lines, the upper one filled; neither can be pointed at. */
function interval(data: ChartData, each: SeriesData, index: number, tokens: Tokens): Option[] {
  const base = {
    type: "line", stack: `band-${index}`, symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false },
    ...(data.kind === "step" ? { step: "end" } : {}),
  };
  const width = each.high.map((high, place) => {
    const low = each.low[place];
    return high === null || low === null || low === undefined ? null : high - low;
  });
  const area = { areaStyle: { color: tokens.series[index % 6], opacity: 0.14 } };
  return [
    { ...base, data: placed(data, each.low), stackStrategy: "all" },
    { ...base, ...area, data: placed(data, width), stackStrategy: "all" },
  ];
}

function markTarget(data: ChartData, tokens: Tokens, bars: boolean): Option {
  const place = data.horizontal ? { xAxis: data.target } : { yAxis: data.target };
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: tokens.text, type: "dashed", width: 1 },
    label: { formatter: `${text("target")} ${format(data.target, data.decimals)}`, color: tokens.muted, backgroundColor: bars ? "transparent" : tokens.surface, padding: 2, position: bars ? "end" : "insideStartTop", fontSize: 11 },
    data: [place],
  };
}

/** Control limits as a band behind the series. */
function bands(data: ChartData, tokens: Tokens): Option[] {
  if (!data.limits) return [];
  const [lower, upper] = data.limits;
  const areas = [[{ yAxis: lower }, { yAxis: upper }]];
  return [{ type: "line", data: [], markArea: { silent: true, itemStyle: { color: tokens.faint, opacity: 0.12 }, data: areas } }];
}

function heat(data: ChartData, tokens: Tokens): EChartsCoreOption {
  const cells = data.series.flatMap((each, row) => each.values.map((value, column) => [column, row, value]));
  const known = cells.map((cell) => cell[2]).filter((value): value is number => typeof value === "number");
  return {
    ...frame(data, tokens),
    grid: { left: 8, right: 24, top: 8, bottom: 48, containLabel: true },
    xAxis: categoryAxis(data, tokens),
    yAxis: { type: "category", data: data.series.map((each) => each.name), inverse: true, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: tokens.muted, fontSize: 11 } },
    visualMap: {
      min: Math.min(0, ...known), max: Math.max(1, ...known), calculable: false, orient: "horizontal", left: "center", bottom: 0,
      itemHeight: 120, itemWidth: 10, inRange: { color: [tokens.surface, tokens.accent] }, textStyle: { color: tokens.muted, fontSize: 11 },
    },
    series: [{ type: "heatmap", data: cells, label: { show: cells.length <= 120, fontSize: 11 }, itemStyle: { borderColor: tokens.surface, borderWidth: 1 } }],
  };
}
