"""Pages of the documentation that are computed when it is built: the proofs and the studies. A hook of mkdocs."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from studies.pages import filled
from zhiheng.config.commands.measure import checked, page, published_values


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the page of proofs."""
    text = page(checked(published_values()))
    files.append(File.generated(config, "develop/proofs.md", content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - mkdocs calls by name
    """Put what the studies compute into their texts."""
    return filled(page.file.src_uri, markdown)
