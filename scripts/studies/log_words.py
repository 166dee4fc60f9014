"""Words of tables and charts on the pages about the ServiceNow log."""

from __future__ import annotations

from studies.writing import Language

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "priority": "Priority when opened", "priority_1": "1 Critical", "priority_2": "2 High",
        "priority_3": "3 Moderate", "priority_4": "4 Low", "priority_all": "All", "n": "n",
        "median": "Median, h [95 %]", "p90": "90 % done, h [95 %]", "open_5_days": "Open after 5 days [95 %]",
        "km_chart": "Kaplan-Meier: share of incidents still open by days since opening, per priority",
        "days_since": "Days since opening", "still_open": "Share still open",
        "weeks_chart": "Share of missed service levels by week of opening, with Laney's limits",
        "days_chart": "Share of missed service levels by working day of opening, with limits from all days",
        "phases_chart": "Working days from 4 April: limits from phase I, frozen for phase II",
        "opened": "Opened on (month-day)", "missed_share": "Share missed", "phase_1": "phase I", "phase_2": "phase II",
        "matcher": "The same …", "caller_subcategory": "caller and subcategory",
        "location_subcategory": "location and subcategory", "caller": "caller",
        "rate": "Recurrence in 30 days [95 %]", "chance": "By chance", "excess": "Excess [95 %]",
        "without_key": "Not matchable",
        "case": "What was put in", "verdict": "Verdict", "effect": "Effect on log hours [95 %]",
        "guard": "Guard: passed on, points [95 %]", "nothing_done": "nothing",
        "halved": "time × 0.5", "halved_guard": "time × 0.5, and 15 points more passed on",
        "improved": "improved", "no_effect_shown": "no effect shown", "worse": "worse",
        "not_enough_data": "not enough data", "injected": "Time saved", "no_effect": "nothing",
        "series_chart": "The team's days with the simulated effect: model, and what was to be expected without it",
        "log_hours": "Mean log hours", "measure": "the measure begins",
    },
    "zh": {
        "priority": "登记时优先级", "priority_1": "1 紧急", "priority_2": "2 高",
        "priority_3": "3 中", "priority_4": "4 低", "priority_all": "全部", "n": "n",
        "median": "中位数，小时 [95 %]", "p90": "90 % 办结，小时 [95 %]", "open_5_days": "5 天后仍未解决 [95 %]",
        "km_chart": "Kaplan-Meier 曲线：按优先级，登记后各天仍未解决的事件份额",
        "days_since": "登记后天数", "still_open": "仍未解决的份额",
        "weeks_chart": "按登记周统计的 SLA 未达标率与 Laney 控制限",
        "days_chart": "按登记工作日统计的 SLA 未达标率，控制限取自全部日期",
        "phases_chart": "4 月 4 日起的工作日：控制限由第一阶段得出，第二阶段不再改动",
        "opened": "登记日期（月-日）", "missed_share": "未达标率", "phase_1": "第一阶段", "phase_2": "第二阶段",
        "matcher": "判为“同一个”的依据", "caller_subcategory": "请求人 + 子类",
        "location_subcategory": "地点 + 子类", "caller": "请求人",
        "rate": "30 天复发率 [95 %]", "chance": "偶然水平", "excess": "超出偶然 [95 %]",
        "without_key": "无法匹配",
        "case": "注入的变化", "verdict": "结论", "effect": "对数小时的效果 [95 %]",
        "guard": "防护指标：转派，百分点 [95 %]", "nothing_done": "无",
        "halved": "用时 × 0.5", "halved_guard": "用时 × 0.5，且转派增加 15 个百分点",
        "improved": "有改进", "no_effect_shown": "未显示出效果", "worse": "变差",
        "not_enough_data": "数据不足", "injected": "节省的用时", "no_effect": "无",
        "series_chart": "该支持组各工作日（含模拟效果）：模型拟合值，以及没有措施时的预期值",
        "log_hours": "平均对数小时", "measure": "措施开始",
    },
}  # fmt: skip
