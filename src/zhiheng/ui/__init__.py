"""The look: base templates, components (Figure, Clock, Timeline), front-end bundle, formatting."""
