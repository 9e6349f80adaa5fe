from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from training.render.more_kinds import harden, slit

STEP = 0.009
GARMENT = {"zN": 0.1, "z_hem": 0.0, "opening": (0.01, 0.02)}


def make_panels() -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """A front and a back sheet, each a grid of triangles from -0.05 to 0.05 across and 0 to 0.1 up."""
    across = np.arange(-0.0495, 0.05, STEP)
    up = np.arange(0, 0.1, STEP)
    points = np.array([[x, z] for z in up for x in across])
    n = len(across)
    cells = [i * n + j for i in range(len(up) - 1) for j in range(n - 1)]
    sheet = np.array([t for c in cells for t in ((c, c + 1, c + n), (c + 1, c + n + 1, c + n))])
    triangles = np.vstack([sheet, sheet + len(points)])
    pattern = np.concatenate([points[sheet], points[sheet]])
    x = np.concatenate([np.insert(points, 1, y, axis=1) for y in (-0.1, 0.1)])
    return x, triangles, pattern, np.repeat([0, 1], len(sheet))


def test_the_front_opens_from_neck_to_hem_and_the_back_stays_whole() -> None:
    x, triangles, pattern, panel = make_panels()
    moved, kept, corners, panels = slit(x, triangles, pattern, panel, GARMENT)
    assert (panels == 1).sum() == (panel == 1).sum()
    assert 0 < (panels == 0).sum() < (panel == 0).sum()
    assert np.abs(corners[panels == 0][..., 0].mean(1)).min() > 0.01
    assert kept.max() == len(moved) - 1


def test_the_cut_edge_is_straight() -> None:
    moved, kept, corners, panels = slit(*make_panels(), GARMENT)
    front = np.unique(corners[panels == 0].reshape(-1, 2), axis=0)
    innermost = [np.abs(front[front[:, 1] == z, 0]).min() for z in np.unique(front[:, 1])]
    width = 0.02 - 0.01 * np.unique(front[:, 1]) / 0.1
    assert np.allclose(innermost, width, atol=0.0005 + STEP / 2)
    assert np.isfinite(moved).all()
    assert kept.shape[1] == 3


def test_hard_looks_are_drawn_again_until_one_is_hard_and_half_their_ribs_match_the_mannequin() -> None:
    generator = ModuleType("generator")
    generator.sample_look = lambda sim, index: {  # type: ignore[attr-defined]
        "index": index,
        "mode": "plain" if index < 200 else "match",
        "man": [0.5] * 3,
        "fabric": {"rib": [0] * 3},
        "hard": [],
    }
    harden(generator)
    looks = [generator.sample_look({"seed": seed, "garment": {"nrib": True}}, 0) for seed in range(40)]
    assert all(look["mode"] == "match" and look["index"] == 0 for look in looks)
    matching = [look for look in looks if "rib_match" in look["hard"]]
    assert 10 < len(matching) < 30
    assert all(0.2 < part < 0.84 for look in matching for part in look["fabric"]["rib"])
