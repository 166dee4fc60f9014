"""What the page on the kiosk survey shows: tables, charts and the names of what stands out."""

from __future__ import annotations

from collections.abc import Sequence

from studies import kiosk
from studies.drawing import ACCENT, FAINT, INK, SECOND, WIDTH, Chart
from studies.kiosk import KioskStudy
from studies.writing import Language, code, interval, listed, number, p_value, share, table, ticks
from zhiheng.measure.importance import ImportancePoint
from zhiheng.measure.kano import Feature
from zhiheng.measure.servqual import Gap

SAMPLE_N = 3

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "question": "Question", "dimension": "Dimension", "expected": "Expected", "perceived": "Perceived",
        "gap": "Gap [95 %]", "p": "p (Holm)", "n": "n", "alpha_e": "α expectation", "alpha_p": "α perception",
        "omega": "ω perception", "kept": "Reliability of the gap", "feature": "Feature", "category": "Category",
        "second": "then", "leads": "Leads in", "better": "Better [95 %]", "worse": "Worse [95 %]",
        "importance": "Importance [95 %]", "performance": "Satisfaction [95 %]", "quadrant": "Quadrant",
        "share": "Share of variance [95 %]", "points": "points", "none": "none", "all": "All six",
        "usefulness": "Usefulness", "tangibles": "Looks and fun", "control": "Own control", "economy": "Time saved",
        "convenience": "Convenience", "security": "Security",
        "concentrate": "concentrate here", "keep_up": "keep it up", "low_priority": "low priority",
        "possible_overkill": "possible overkill", "uncertain": "cannot be told",
        "unclear": "not clear", "gap_chart": "Gap of each question with its 95 % interval; left of 0 falls short",
        "kano_chart": "Kano plane of the 29 features: how much satisfaction each can win (better) and lose (worse)",
        "kano_x": "Worse: share that is dissatisfied without it", "kano_y": "Better",
        "ipa_chart": "Stated importance against satisfaction of the 24 questions; lines at the means",
        "ipa_x": "Satisfaction, points", "ipa_y": "Importance",
    },
    "zh": {
        "question": "题目", "dimension": "维度", "expected": "期望", "perceived": "感知",
        "gap": "差距 [95 %]", "p": "p（Holm）", "n": "n", "alpha_e": "期望 α", "alpha_p": "感知 α",
        "omega": "感知 ω", "kept": "差距的信度", "feature": "特性", "category": "类别",
        "second": "其次", "leads": "领先比例", "better": "Better [95 %]", "worse": "Worse [95 %]",
        "importance": "重要性 [95 %]", "performance": "满意度 [95 %]", "quadrant": "象限",
        "share": "方差份额 [95 %]", "points": "分", "none": "无", "all": "六个维度",
        "usefulness": "有用性", "tangibles": "外观与趣味", "control": "自主可控", "economy": "省时省力",
        "convenience": "便利性", "security": "安全性",
        "concentrate": "重点改进", "keep_up": "继续保持", "low_priority": "次要",
        "possible_overkill": "可能过度", "uncertain": "无法判定",
        "unclear": "不明确", "gap_chart": "各题的差距与 95 % 区间；0 的左侧表示未达期望",
        "kano_chart": "29 项特性的 Kano 平面：有它能提升多少满意（Better），没它会损失多少（Worse）",
        "kano_x": "Worse：没有时不满意的份额", "kano_y": "Better",
        "ipa_chart": "24 道题的自述重要性与满意度；两条线为平均值",
        "ipa_x": "满意度（分）", "ipa_y": "重要性",
    },
}  # fmt: skip


def parts(language: Language) -> dict[str, str]:
    """Everything that the text of the page calls for by name."""
    study = kiosk.study(language)
    words = WORDS[language]
    survey = study.survey
    ranked = sorted(study.items.items, key=lambda gap: gap.gap.value or 0.0)
    short = [gap.name for gap in ranked if gap.clear and (gap.gap.value or 0.0) < 0]
    dimensions = sorted(study.dimensions.dimensions, key=lambda gap: gap.gap.value or 0.0)
    concentrate = study.stated.in_quadrant("concentrate")
    derived = max(study.derived.points, key=lambda point: point.importance.value or 0.0)
    return {
        "n": str(survey.n),
        "answered": str(int(survey.answered.sum())),
        "never_used": str(survey.never_used),
        "women": share(survey.women / survey.n, 0),
        "twenties": share(survey.in_their_twenties / survey.n, 0),
        "code": code(kiosk.gaps, kiosk.kano_features, kiosk.stated_importance),
        "gap_table": gap_table(ranked, words),
        "gap_chart": gap_chart(ranked, words),
        "short": str(len(short)),
        "worst": listed([gap.name for gap in ranked[:SAMPLE_N]], language),
        "worst_gap": number(ranked[0].gap.value),
        "not_short": listed([gap.name for gap in ranked if gap.name not in short], language),
        "dimension_table": dimension_table(study, words),
        "worst_dimension": words[dimensions[0].name],
        "worst_dimension_gap": interval(dimensions[0].gap),
        "least_dimension": words[dimensions[-1].name],
        "least_dimension_gap": interval(dimensions[-1].gap),
        "overall_gap": interval(study.dimensions.unweighted.gap),
        "ceiling": str(sum("ceiling" in gap.flags for gap in study.items.items)),
        "factors": str(study.factors),
        "kano_table": kano_table(study.features.features, words),
        "kano_chart": kano_chart(study.features.features, words),
        **{f"kano_{letter}": _of_category(study, letter, words, language) for letter in "MOA"},
        "kano_unclear": str(sum("undetermined" in f.flags for f in study.features.features)),
        "ipa_table": ipa_table(study.stated.points, words),
        "ipa_chart": ipa_chart(study, words),
        "concentrate": listed(concentrate, language),
        "uncertain": str(sum(not point.certain for point in study.stated.points)),
        "derived_table": derived_table(study.derived.points, words),
        "derived_best": words[derived.name],
        "derived_share": share(derived.importance.value),
    }


def _of_category(study: KioskStudy, letter: str, words: dict[str, str], language: Language) -> str:
    """The features of a category that can be told apart from the next one."""
    clear = [
        f.name for f in study.features.features if f.category == letter and "undetermined" not in f.flags
    ]
    return listed(clear, language) if clear else words["none"]


def gap_table(gaps: Sequence[Gap], words: dict[str, str]) -> str:
    """Questions from the widest gap to the narrowest."""
    head = [words[key] for key in ("question", "expected", "perceived", "gap", "p", "n")]
    return table(
        head,
        (
            (
                g.name,
                number(g.expectation),
                number(g.perception),
                interval(g.gap),
                p_value(g.p_holm),
                str(g.gap.n),
            )
            for g in gaps
        ),
    )


def dimension_table(study: KioskStudy, words: dict[str, str]) -> str:
    """The dimensions with the reliability of what they rest on."""
    keys = ("dimension", "gap", "p", "alpha_e", "alpha_p", "omega", "kept")
    rows = []
    for gap, check in zip(study.dimensions.dimensions, study.dimensions.checks, strict=True):
        omega = study.omegas.get(gap.name)
        rows.append(
            (
                words[gap.name],
                interval(gap.gap),
                p_value(gap.p_holm),
                number(check.alpha_expectation),
                number(check.alpha_perception),
                number(omega.omega.value if omega else None),
                number(check.gap_reliability),
            )
        )
    overall = study.dimensions.unweighted
    rows.append((words["all"], interval(overall.gap), p_value(overall.p_holm), "", "", "", ""))
    return table([words[key] for key in keys], rows)


def kano_table(features: Sequence[Feature], words: dict[str, str]) -> str:
    """Each feature's category, how sure it is, and what it can win and lose."""
    keys = ("feature", "category", "second", "leads", "better", "worse", "n")
    return table(
        [words[key] for key in keys],
        (
            (
                f"{place}. {f.name}",
                (f.category or "–") + (f" ({words['unclear']})" if "undetermined" in f.flags else ""),
                f.second or "–",
                share(f.lead_probability, 0),
                interval(f.better_worse.better),
                interval(f.better_worse.worse),
                str(f.n),
            )
            for place, f in enumerate(features, 1)
        ),
    )


def ipa_table(points: Sequence[ImportancePoint], words: dict[str, str]) -> str:
    """Where each question lies, and whether its interval lets that be said."""
    keys = ("question", "importance", "performance", "quadrant")
    return table(
        [words[key] for key in keys],
        (
            (f"{place}. {p.name}", interval(p.importance), interval(p.performance), words[p.label])
            for place, p in enumerate(points, 1)
        ),
    )


def derived_table(points: Sequence[ImportancePoint], words: dict[str, str]) -> str:
    """What each dimension explains of overall satisfaction."""
    ranked = sorted(points, key=lambda point: -(point.importance.value or 0.0))
    return table(
        [words[key] for key in ("dimension", "share", "performance")],
        (
            (words[p.name], interval(p.importance, 1, factor=100, unit=" %"), interval(p.performance))
            for p in ranked
        ),
    )


def gap_chart(gaps: Sequence[Gap], words: dict[str, str]) -> str:
    """One line per question: the gap as a dot, its interval as a bar; hollow where 0 cannot be excluded."""
    chart = Chart(words["gap_chart"], (-2.5, 1.0), (-len(gaps), 0), 19 * len(gaps) + 60, left=230)
    chart.x_axis(words["points"], ticks(-2.5, 1, 0.5, 1))
    chart.line([(0, -len(gaps)), (0, 0)], FAINT, dash="3 3")
    for place, gap in enumerate(gaps):
        row = -place - 0.5
        chart.text((-2.5, row), gap.name, anchor="end")
        figure = gap.gap
        if figure.value is None or figure.low is None or figure.high is None:
            continue
        colour = INK if not gap.clear else SECOND if figure.value < 0 else ACCENT
        chart.line([(figure.low, row), (figure.high, row)], colour, width=2)
        chart.dot((figure.value, row), colour, hollow=not gap.clear)
    return chart.figure(words["gap_chart"])


def kano_chart(features: Sequence[Feature], words: dict[str, str]) -> str:
    """The plane of better and worse, each feature by its number."""
    chart = Chart(words["kano_chart"], (0, 1), (0.2, 1), 380)
    chart.x_axis(words["kano_x"], ticks(0, 1, 0.25, 2))
    chart.y_axis(words["kano_y"], ticks(0.25, 1, 0.25, 2))
    chart.line([(0.5, 0.2), (0.5, 1)], FAINT, dash="3 3")
    chart.line([(0, 0.5), (1, 0.5)], FAINT, dash="3 3")
    corners = (
        ((0.02, 0.97), "A", "start"),
        ((0.98, 0.97), "O", "end"),
        ((0.98, 0.23), "M", "end"),
        ((0.02, 0.23), "I", "start"),
    )
    for corner, letter, anchor in corners:
        chart.text(corner, letter, anchor=anchor, colour=FAINT)
    for place, feature in enumerate(features, 1):
        pair = feature.better_worse
        point = (-(pair.worse.value or 0.0), pair.better.value or 0.0)
        chart.dot(point, INK, hollow="undetermined" in feature.flags)
        chart.text((point[0] + 0.008, point[1]), str(place), dy=-3)
    return chart.figure(words["kano_chart"])


def ipa_chart(study: KioskStudy, words: dict[str, str]) -> str:
    """Importance against satisfaction, each question by its number; hollow where the quadrant is not sure."""
    chart = Chart(words["ipa_chart"], (3.8, 5.9), (3.4, 7), 380)
    chart.x_axis(words["ipa_x"], ticks(4, 5.5, 0.5, 1))
    chart.y_axis(words["ipa_y"], ticks(3.5, 7, 0.5, 1))
    across, up = study.stated.performance_line or 0.0, study.stated.importance_line or 0.0
    chart.line([(across, 3.4), (across, 7)], FAINT, dash="3 3")
    chart.line([(3.8, up), (5.9, up)], FAINT, dash="3 3")
    corners = (
        ((3.82, 6.9), "concentrate", "start"),
        ((5.88, 6.9), "keep_up", "end"),
        ((3.82, 3.5), "low_priority", "start"),
        ((5.88, 3.5), "possible_overkill", "end"),
    )
    for corner, key, anchor in corners:
        chart.text(corner, words[key], anchor=anchor, colour=FAINT)
    for place, point in enumerate(study.stated.points, 1):
        middle = (point.performance.value or 0.0, point.importance.value or 0.0)
        chart.dot(middle, SECOND if point.label == "concentrate" else INK, hollow=not point.certain)
        chart.text((middle[0] + 8 / WIDTH, middle[1]), str(place), dy=-3)
    return chart.figure(words["ipa_chart"])
