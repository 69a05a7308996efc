# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx of the documentation site: the pages of the repository where they are, and a reference by antsibull-docs.

Its sources are those of the session `site`: the repository, `docs/site` at the top, and `reference/`.
"""

from __future__ import annotations

import posixpath
import re
import typing as t
from pathlib import Path

from docutils import nodes

if t.TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx

project = "streamops.flink"
copyright = "streamops.flink contributors"  # noqa: A001 - Sphinx calls it so
extensions = ["myst_parser", "sphinx_antsibull_ext"]
include_patterns = ["*.md", "CHANGELOG.rst", "docs/*.md", "roles/*/README.md", "reference/**.rst"]
# The README is in parts on the first pages.
exclude_patterns = ["README.md"]
nitpicky = True
# Two dashes are an option.
smartquotes = False

html_theme = "furo"
html_title = "streamops.flink"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_theme_options = {
    "source_repository": "https://github.com/streamops/streamops.flink/",
    "source_branch": "main",
    "top_of_page_buttons": [],
}
pygments_style = "default"
pygments_dark_style = "github-dark"

myst_enable_extensions = ["attrs_inline"]
# As GitHub names the anchors of headings.
myst_heading_anchors = 6

_FILES = "https://github.com/streamops/streamops.flink/blob/main/"
_ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
# What antsibull-docs refers to in the documentation of Ansible.
_LABELS = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
_BUILTIN = re.compile(r"ansible_collections\.(?P<namespace>\w+)\.(?P<collection>\w+)\.(?P<plugin>\w+_[a-z]+)")

_FENCE = re.compile(r"^(```.*?^```)$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?P<image>!?)\[(?P<words>[^\]\[]*)\]\((?P<path>(?!https?:|#|mailto:)[^)#\s]+)(?:#[^)]*)?\)")
# What is typed, in the comment of a playbook.
_VARIABLE = re.compile(r"(?:-e )?\bflink_\w+(?:=\w+)?|--\w+|ansible-doc .*|\b\w+\.(?:json|yml|csv|svg|html|yaml)\b")
_PREFIX = re.compile(r"^streamops\.flink\.(?=\w+ (?:module|filter|role) -- )", re.MULTILINE)
_CONTENTS = re.compile(r"^\.\. contents::\n(?:  +:.*\n)*", re.MULTILINE)


def setup(app: Sphinx) -> None:
    """What makes pages for GitHub and Galaxy pages of the site."""
    app.connect("source-read", _read)
    app.connect("include-read", _include)
    app.connect("missing-reference", _refer_to_ansible)


def _read(app: Sphinx, docname: str, source: list[str]) -> None:
    if docname == "index":
        source[0] = _with_all_pages(source[0], app.env.found_docs)
    if docname == "playbooks":
        source[0] += "".join(map(_playbook, sorted(Path(app.srcdir, "playbooks").glob("*.yml"))))
    if docname.startswith("reference/"):
        # The theme has a table of contents beside each page, and little room for names.
        source[0] = _PREFIX.sub("", _CONTENTS.sub("", source[0]))
    elif app.env.doc2path(docname).suffix == ".md":
        source[0] = _linked(app, source[0], posixpath.dirname(docname))


def _with_all_pages(index: str, pages: t.AbstractSet[str]) -> str:
    """The index with the pages that it does not name, in the place of `docs/*`, and without those that do not exist."""
    named = re.findall(r"^docs/\w+$", index, re.MULTILINE)
    others = sorted(page for page in pages if page.startswith("docs/") and page not in named)
    index = index.replace("\ndocs/*\n", "".join(f"\n{page}" for page in others) + "\n")
    return re.sub(r"^docs/\w+\n", lambda page: page[0] if page[0].strip() in pages else "", index, flags=re.MULTILINE)


def _playbook(path: Path) -> str:
    """What a playbook says of itself, in the comment at its top."""
    comment = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n\n")[0]
    text = re.sub(r"^# ?", "", comment, flags=re.MULTILINE)
    text = _VARIABLE.sub(lambda found: f"`{found[0]}`", text)
    text = re.sub(r"^(\w+): +", r"\n**\1**: ", text, flags=re.MULTILINE)
    return f"\n## {path.stem}\n\n{re.sub('^ +', '', text, flags=re.MULTILINE)}\n"


def _include(app: Sphinx, path: Path, _docname: str, source: list[str]) -> None:
    source[0] = _linked(app, source[0], path.parent.as_posix())


def _linked(app: Sphinx, text: str, directory: str) -> str:
    """The text with links to files that are no pages as links to the repository, and pictures in their two colours."""

    def link(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(directory, found["path"]))
        file = Path(app.srcdir, path)
        if found["image"]:
            stem, suffix = posixpath.splitext(found["path"])
            has_dark = file.with_name(f"{file.stem}-dark{suffix}").exists()
            dark = f"![{found['words']}]({stem}-dark{suffix}){{.only-dark}}"
            return f"{found[0]}{{.only-light}}\n{dark}" if has_dark else found[0]
        if path == "README.md":
            return f"[{found['words']}]({posixpath.relpath('index.md', directory or '.')})"
        if posixpath.splitext(path)[0] in app.env.found_docs or not file.exists():
            return found[0]
        return f"[{found['words']}]({_FILES}{path})"

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(link, part) for part in parts)


def _refer_to_ansible(_app: Sphinx, _env: object, node: pending_xref, content: nodes.TextElement) -> nodes.Node | None:
    target = node["reftarget"]
    builtin = _BUILTIN.fullmatch(target)
    page = _LABELS.get(target)
    if builtin:
        page = f"collections/{builtin['namespace']}/{builtin['collection']}/{builtin['plugin']}.html"
    if page is None:
        return None
    reference = nodes.reference("", "", internal=False, refuri=f"{_ANSIBLE}{page}")
    reference += content.deepcopy()
    return reference
