"""Measuring the running platform: the facts mirror, definitions run over it, own targets, figures that are kept.

Import from `mirror` (register_facts, FactsSource, MirrorTable, refresh, current), `groups` (register_groups), `queries`
(lens_for, judged_figures, judged_groups, figures, by_group, diagnoses, course_of, flow_of, tickets_behind), `services`
(store_figures, replay), `showing` (aim_text) and `jobs`.
"""
