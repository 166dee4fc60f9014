"""Pages of no domain; they translate HTTP and hold no rule."""
