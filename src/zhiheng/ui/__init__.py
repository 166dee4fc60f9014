"""The look: base templates, components (Figure, Clock, Timeline ...), navigation, bundle, formatting.

Knows no domain. Higher packages fill it by registration in `AppConfig.ready` and by plain view models.

Base templates (extend one) and their blocks:
  `ui/base.html`      the workspace: title, head, main_class ("narrow" for forms, "wide" for a board),
                      crumbs, heading (the h1), tags (beside it), acts (buttons at its right), lead,
                      page_tabs, content, next_step (the link that leads on), overlays (dialogs), scripts
  `ui/portal.html`    the portal: title, head, portal_nav, heading, tags, acts, content, foot, overlays
  `ui/plain.html`     one box (sign-in): title, box_class ("wide"), heading, content, below, foot
  `ui/error.html`     the same for errors; context: title, happened, safe, todo, reference
  `ui/fragment.html`  only content and overlays, for htmx:
                      `{% extends request.htmx|yesno:"ui/fragment.html,ui/base.html" %}`

Tags of `{% load ui %}`; each takes the view model of its name (`zhiheng.ui.components`), or None:
  figure figure_compact clock clock_card timeline message act_group process_strip chips data_table tabs
  empty_state job_card avatar person properties pager act_button notice menu verdict_tag chart process_map
  `{% cell value %}` draws whatever a cell holds; `{% icon "name" "icon-sm" %}`; `{% json_data value "id" %}`
Tags of `{% load ui_forms %}`: `{% field bound_field %}` `{% form_fields form %}` `{% error_summary form %}`
Filters of `{% load ui %}`: number:1  quantity:"share"  duration  coarse  stamp  short_stamp  since
  day  file_size  get

Registration: `navigation.register_nav(NavItem(...))`, `navigation.configure_workspace(permission)`,
`shell.register_create / register_counter / register_person_link / register_portal_link`,
`shell.configure_shell(home=, search=, sign_in=, ...)`,
`palette.register_palette_source(name, source)`. Permission callables get the request and return a bool.

The Content-Security-Policy (`csp`) refuses inline scripts, `style=` attributes, eval. Behaviour is bound by
data attributes (listed in `frontend/src/main.ts`), sizes by classes or SVG attributes.
"""
