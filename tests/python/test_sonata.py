# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
from pathlib import Path

import apical


def test_findings_say_where_and_what(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"run": {"tstop": 10}, "networks": {"nodes": [{"nodes_file": "nowhere.h5"}]}, "colour": 3}))
    found = apical.sonata.check(tmp_path / "config.json")
    assert {f.kind for f in found} == {"invalid", "ignored"}
    missing = next(f for f in found if "nowhere.h5" in f.what)
    assert missing.is_error and missing.where.endswith("config.json:1 /networks/nodes/0/nodes_file")
    unknown = next(f for f in found if not f.is_error)
    assert str(unknown).startswith("ignored: ") and "'colour' is not known here" in unknown.what


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    (only,) = apical.sonata.check(tmp_path / "config.json")
    assert only.is_error and "config.json" in only.where
