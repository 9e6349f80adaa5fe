"""Renders scenes that GhostBench's generator lacks: skirts, open cardigans, open vests, and bare mannequins.

With `--hard` most looks are hard ones (fabric of the mannequin's or the backdrop's colour, white on white, dark on
dark), and of the garments that have ribs half get them in the mannequin's colour.

Runs in the rendering environment (bpy 4.5, numpy < 2; see README.md), never in the product. Takes the generator's
options and adds its path; lengths in metres, as there.

usage: python training/render/more_kinds.py GENERATOR.py [--hard] --kind skirt --out FOLDER --sims 10 --start 2000 ...
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

BASE = {"skirt": "shorts", "cardigan": "longsleeve", "vest": "tank"}
BARE = "bare"
HARD = "--hard"
TRIES = 4  # looks drawn until one is hard
SNAP = 0.0046  # half a step of the cloth mesh
Parameters = dict[str, Any]
Array = np.ndarray


def generator(path: Path) -> ModuleType:
    """GhostBench's generator as a module."""
    spec = importlib.util.spec_from_file_location("ghostbench_generate", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def extend(gen: ModuleType) -> None:
    """Teaches `gen` the kinds of BASE; it looks its own functions up by name, so replacing them is enough."""
    plain = tuple(gen.KINDS)
    sample_sim, half_outline, simulate, subdivide = gen.sample_sim, gen.half_outline, gen.simulate, gen.loop_subdivide
    worn: list[Parameters] = []

    def sampled(seed: int, kind: str | None = None) -> Parameters:
        if kind == BARE:
            undress(gen)
            return sample_sim(seed, plain[seed % len(plain)])
        if kind not in BASE:
            return sample_sim(seed, kind)
        p: Parameters = sample_sim(seed, BASE[kind])
        r = np.random.default_rng([seed, 3])
        p["kind"] = p["garment"]["kind"] = kind
        (as_skirt if kind == "skirt" else as_open)(p["garment"], r)
        return p

    def outline(g: Parameters) -> dict[str, Any]:
        return skirt_outline(gen, g) if g["kind"] == "skirt" else half_outline(g)

    def simulated(p: Parameters) -> dict[str, Any]:
        worn[:] = [p["garment"]]
        return simulate(p)

    def subdivided(*mesh: Array) -> tuple[Array, ...]:
        return subdivide(*(slit(*mesh, worn[0]) if "opening" in worn[0] else mesh))

    gen.KINDS = [*gen.KINDS, *BASE, BARE]
    gen.LOWER = (*gen.LOWER, "skirt")
    gen.sample_sim, gen.half_outline, gen.simulate, gen.loop_subdivide = sampled, outline, simulated, subdivided


def harden(gen: ModuleType) -> None:
    """From here on `gen` draws hard looks and ribs in the mannequin's colour."""
    sample_look = gen.sample_look

    def sampled(sim: Parameters, index: int) -> Parameters:
        r = np.random.default_rng([sim["seed"], index, 5])
        drawn = (sample_look(sim, index + 100 * i) for i in range(TRIES))
        look: Parameters = next((q for q in drawn if q["mode"] != "plain"), sample_look(sim, index))
        look["index"] = index
        if sim["garment"]["nrib"] and r.random() < 0.5:
            rib = np.array(look["man"]) * np.exp(r.normal(0, 0.12)) * np.exp(r.normal(0, 0.04, 3))
            look["fabric"]["rib"] = np.clip(rib, 0.006, 0.84).tolist()
            look["hard"].append("rib_match")
        return look

    gen.sample_look = sampled


def undress(gen: ModuleType) -> None:
    """From here on the garment is simulated, for its mannequin and set, and neither photographed nor in the masks."""
    masks, one_render, shot = gen.masks, gen.one_render, gen.Studio.shot

    def without_garment(garment: tuple[Array, Array], *rest: Any) -> Array:
        return np.asarray(masks((garment[0], garment[1][:0]), *rest))

    def bare_shot(studio: Any, ghost: bool = False) -> Array:
        studio.gar.hide_render = True
        return np.asarray(shot(studio, ghost))

    def rendered(studio: Any, p: Parameters, *rest: Any) -> Parameters:
        found: Parameters = one_render(studio, {**p, "kind": BARE}, *rest)
        return found

    gen.masks, gen.one_render, gen.Studio.shot = without_garment, rendered, bare_shot


def as_skirt(g: Parameters, r: np.random.Generator) -> None:
    """From shorts: no legs, a hem from narrow to flared."""
    del g["z_crotch"]
    g.update(
        z_hem=r.uniform(-0.60, -0.20), flare=r.uniform(0.0, 0.14), hemcurve=r.uniform(0, 0.02), cband=0.004, sleeve=0
    )


def as_open(g: Parameters, r: np.random.Generator) -> None:
    """From a closed top: the front is open from neck to hem."""
    g.update(opening=(r.uniform(0.004, 0.05), r.uniform(0.004, 0.09)), vneck=True, nf=r.uniform(0.10, 0.22))


def skirt_outline(gen: ModuleType, g: Parameters) -> dict[str, Any]:
    """Half outline: neck = waist, shoulder = upper side seam, cuff = a short vent in it, under = the rest of it."""
    waist = [g["wst"], g["zN"]]
    hip = [g["hipw"] + 0.004, 0.03]
    vent = [g["hipw"] + 0.005, 0.012]
    hem = [g["hipw"] + g["flare"], g["z_hem"]]
    return {
        "neck_f": gen.bez([[0, g["zN"]], waist]),
        "neck_b": gen.bez([[0, g["zN"]], waist]),
        "shoulder": gen.bez([waist, [g["wst"] + 0.035, g["zN"] - 0.08], hip]),
        "cuff": gen.bez([hip, vent]),
        "under": gen.bez([vent, hem]),
        "hem": gen.bez([hem, [hem[0] * 0.5, hem[1] - g["hemcurve"]], [0, hem[1] - g["hemcurve"]]]),
    }


def slit(x: Array, triangles: Array, pattern: Array, panel: Array, g: Parameters) -> tuple[Array, Array, Array, Array]:
    """The simulated mesh without the front panel's middle: closed garments keep their shoulders, open ones slide off.

    `x` (V, 3), `triangles` (T, 3), `pattern` (T, 3, 2) coordinates of the corners, `panel` (T,) 0 = front. Vertices
    beside the cut are moved onto it, so that its edge is straight.
    """
    top, bottom = g["opening"]
    span = g["zN"] - g["z_hem"]
    width = bottom + (top - bottom) * np.clip((pattern[..., 1] - g["z_hem"]) / span, 0, 1)
    across = pattern[..., 0]
    near = (np.abs(np.abs(across) - width) < SNAP) & (panel == 0)[:, None]
    snapped = np.where(near, np.sign(across) * width, across)
    moved = x.copy()
    moved[triangles[near], 0] += (snapped - across)[near]
    corners = np.stack([snapped, pattern[..., 1]], -1)
    keep = (panel != 0) | (np.abs(snapped.mean(1)) > width.mean(1))
    used, compact = np.unique(triangles[keep], return_inverse=True)
    return moved[used], compact.reshape(-1, 3), corners[keep], panel[keep]


def main() -> None:
    gen = generator(Path(sys.argv.pop(1)))
    extend(gen)
    if HARD in sys.argv:
        sys.argv.remove(HARD)
        harden(gen)
    gen.main()


if __name__ == "__main__":
    main()
