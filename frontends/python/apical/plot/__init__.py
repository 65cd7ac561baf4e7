# SPDX-License-Identifier: BSD-3-Clause
"""Pictures of models and results, with matplotlib.

Every function takes the axes to draw into, or makes new ones, and returns them; nothing is shown or saved, and no global setting
of matplotlib is changed. matplotlib is an optional dependency: ``pip install "apical[plot]"``.
"""

from __future__ import annotations

try:
    import matplotlib as _matplotlib  # noqa: F401  (asked for here, so that its absence is told plainly)
except ImportError as error:
    raise ImportError('apical.plot needs matplotlib, which is not installed; pip install "apical[plot]"') from error

from ._gates import fi_curve, gates
from ._morphology import morphology
from ._raster import raster
from ._traces import traces

__all__ = ["fi_curve", "gates", "morphology", "raster", "traces"]
