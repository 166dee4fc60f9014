"""Measuring the running platform: the facts mirror, definitions run over it, figures that are kept.

Import from `mirror` (register_facts, FactsSource, MirrorTable, refresh, current), `queries` (lens_for, figures,
by_group, diagnoses, course_of, flow_of, tickets_behind), `services` (store_figures, replay) and `jobs`.
"""
