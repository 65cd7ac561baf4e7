# SPDX-License-Identifier: BSD-3-Clause
"""The documentation site. scripts/docs copies this folder, adds what is generated, and builds it into build/docs/html."""

import re
from pathlib import Path

here = Path(__file__).resolve().parent
cmake = (here / "CMakeLists.txt").read_text()

project = "Apical"
author = "the Apical authors"
copyright = author
version = release = re.search(r"project\(apical VERSION ([\d.]+)", cmake).group(1)

extensions = ["myst_parser", "breathe"]
myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
myst_heading_anchors = 3
breathe_projects = {"apical": str(here / "doxygen" / "xml")}
breathe_default_project = "apical"
breathe_default_members = ("members",)
cpp_id_attributes = ["gnu::always_inline"]
primary_domain = "cpp"
suppress_warnings = ["duplicate_declaration.cpp"]  # every file of the reference opens the same namespace
highlight_language = "cpp"

html_theme = "furo"
html_title = f"Apical {version}"
html_static_path = []
exclude_patterns = ["doxygen", "generated"]
