"""Pages of the documentation that are computed when it is built. A hook of mkdocs."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from zhiheng.config.commands.measure import checked, page, published_values


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the page of proofs."""
    text = page(checked(published_values()))
    files.append(File.generated(config, "develop/proofs.md", content=text))
    return files
