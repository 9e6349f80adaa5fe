"""Fits and checks the extract stage's confidence on renders of simulations that the network was not trained on.

usage: python -m training.calibrate FOLDER... [--write resources/models/confidence.json] [--every 2]
Runs in the product's environment (it calls the product's own extract stage). Each render is looked at as it is, and as
another photographer would have shot it: with hands, straps, chrome, other sets and cloth, as training draws them
(finetune.toml), for of plain renders hardly one is misjudged. Every other simulation fits coefficients that are judged
by the rest, and the other way round, so that each picture is judged by coefficients that never saw its simulation: of
the results called confident, how many have IoU > 0.95, with the lower end of the 95 % Clopper-Pearson interval, and how
many results go to review. What is written is fitted on all. The coefficients that ship are judged by all as well, which
says something only of renders that did not fit them.
"""

import argparse
import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import beta

from studio.engine.image import read_photo
from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.stages import extract
from studio.engine.starter.confidence import Features, confidence_of
from studio.errors import PhotoError
from studio.model import Recipe, Shot
from training.augment import augment
from training.config import HERE, AugmentConfig, load
from training.data import NAMES, cc0_photographs, read_mask, read_rgb, scenes, simulation_of
from training.figures import iou
from training.picture import Library, Mask, Render

GOOD = 0.95  # IoU above which a mask counts as right
SURE = 0.85  # probability that a mask is right from which a result is called confident
PENALTY = 1.0
SEED = 5
USED = ("contradiction", "colour_doubt")

Confidence = Callable[[Features], float]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The extract stage on one render; kind: "plain" or "drawn upon"; `features` None = it found no garment."""

    scene: str
    simulation: str
    kind: str
    features: Features | None
    iou: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Logistic regression: probability = 1 / (1 + exp(-(intercept + coefficients . features)))."""

    intercept: float
    coefficients: NDArray[np.float64]

    def score(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        return features @ self.coefficients + self.intercept


class Recorder:
    """Stands in for the stage's `confidence_of`, to learn what it was asked about."""

    def __init__(self) -> None:
        self.seen: Features | None = None

    def __call__(self, features: Features) -> float:
        self.seen = features
        return confidence_of(features)


def looks(scene: Path, recorder: Recorder, library: Library, config: AugmentConfig) -> list[Result]:
    """The extract stage on the photo of `scene` as it is and changed, against its truth."""
    masks = [read_mask(scene / f"{name}.png") for name in NAMES]
    photo = read_photo(scene / "photo.jpg")
    render = Render(photo=np.asarray(photo.pixels, np.uint8), masks=np.dstack(masks), ghost=None)
    rng = np.random.default_rng([SEED, *scene.name.encode()])
    changed = augment(render, masks[0].shape, library, config, rng)
    pixels = np.rint(changed.photo.clip(0, 1) * 255).astype(np.uint8)
    return [
        look(scene, photo, masks[0].astype(np.float32) / 255, recorder, kind="plain"),
        look(scene, Raster(pixels=pixels, icc=None), changed.garment, recorder, kind="drawn upon"),
    ]


def look(scene: Path, photo: Raster, truth: Mask, recorder: Recorder, *, kind: str) -> Result:
    """The extract stage on `photo`; truth: (H, W) float32, the coverage of the garment, 0..1."""
    context = StageContext(recipe=Recipe(), seed=0, destination=scene, review_destination=scene)
    recorder.seen = None
    found, reasons = np.zeros((1, 1), np.float32), ()
    try:
        frame = extract.Extract().run(Frame(shot=Shot(front=scene / "photo.jpg"), photo=photo), context)
        found = np.asarray(frame.garment, np.float32) / 255
        reasons = frame.review_reasons
    except PhotoError as error:
        reasons = (str(error),)
    return Result(
        scene=scene.name,
        simulation=simulation_of(scene),
        kind=kind,
        features=recorder.seen,
        iou=iou(found, truth) if found.shape == truth.shape else 0.0,
        reasons=reasons,
    )


def matrix(results: list[Result]) -> NDArray[np.float64]:
    """Features (N, F) in the order of USED."""
    return np.array([row(result.features) for result in results if result.features is not None])


def row(features: Features) -> NDArray[np.float64]:
    """Features (F,) in the order of USED."""
    return np.array([getattr(features, name) for name in USED], np.float64)


def fit(features: NDArray[np.float64], good: NDArray[np.bool_]) -> Fit:
    """Regularised logistic regression on standardised features, given back for the raw ones."""
    mean, spread = features.mean(0), features.std(0) + 1e-6
    standard = (features - mean) / spread
    sign = np.where(good, 1.0, -1.0)

    def cost(w: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, -sign * (standard @ w[1:] + w[0])).sum() + PENALTY * (w[1:] ** 2).sum() / 2)

    w = minimize(cost, np.zeros(standard.shape[1] + 1)).x
    coefficients = w[1:] / spread
    return Fit(intercept=float(w[0] - coefficients @ mean), coefficients=coefficients)


def fitted(results: list[Result], threshold: float) -> Fit:
    """The coefficients that suit `results` best, shifted so that `threshold` stands for the probability SURE."""
    usable = [r for r in results if r.features is not None]
    if not usable:
        raise SystemExit("too few renders: each half needs a simulation in which a garment is found")
    found = fit(matrix(usable), np.array([r.iou > GOOD for r in usable]))
    return dataclasses.replace(found, intercept=found.intercept + logit(threshold) - logit(SURE))


def logit(probability: float) -> float:
    """The score that stands for a probability between 0 and 1."""
    return float(np.log(probability / (1 - probability)))


def confidence_by(found: Fit) -> Confidence:
    """The probability that `found` gives a mask."""
    return lambda features: float(1 / (1 + np.exp(-found.score(row(features)))))


def halves(results: list[Result]) -> tuple[list[Result], list[Result]]:
    """The results of every other simulation, and the rest."""
    names = sorted({result.simulation for result in results})
    first = set(names[::2])
    return [r for r in results if r.simulation in first], [r for r in results if r.simulation not in first]


def judged(results: list[Result], confidence: Confidence) -> list[tuple[Result, float]]:
    """Every result with its confidence; 0 where no garment was found or a reason for review stands."""
    return [(r, 0.0 if r.features is None or r.reasons else confidence(r.features)) for r in results]


def report(found: list[tuple[Result, float]], threshold: float, name: str) -> str:
    """One line: how many were confident and how many of those were right."""
    confident = [result for result, confidence in found if confidence >= threshold]
    right = sum(result.iou > GOOD for result in confident)
    bound = float(beta.ppf(0.025, right, len(confident) - right + 1)) if right else 0.0
    review = 1 - len(confident) / len(found)
    forced = sum(bool(result.reasons) for result, _ in found) / len(found)
    return (
        f"{name}: {len(found)} renders, {len(confident)} confident, {right} of them over {GOOD}: "
        f"{right / max(1, len(confident)):.4f} (at least {bound:.4f}); to review {review:.3f}, "
        f"of which for a stated reason {forced:.3f}; IoU mean {np.mean([r.iou for r, _ in found]):.4f}, "
        f"worst confident {min((r.iou for r in confident), default=0.0):.4f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", type=Path, help="where to put the fitted coefficients")
    parser.add_argument("--every", type=int, default=1, help="only every n-th render, for a quick look")
    arguments = parser.parse_args()
    recorder = Recorder()
    extract.confidence_of = recorder
    settings = load(HERE / "finetune.toml")
    config = dataclasses.replace(settings.augment, empty=0.0, ghosted=0.0)
    photographs = [read_rgb(path).astype(np.float32) / 255 for path in cc0_photographs(settings.data.backdrops)]
    library = Library(photographs=photographs)
    found = scenes(arguments.folders)[:: arguments.every]
    results = [result for scene in found for result in looks(scene, recorder, library, config)]
    threshold = Recipe().extract.confidence_min
    first, second = halves(results)
    crossed = judged(second, confidence_by(fitted(first, threshold))) + judged(
        first, confidence_by(fitted(second, threshold))
    )
    for name, judgements in (("as it ships", judged(results, confidence_of)), ("each half by the other", crossed)):
        for kind in ("plain", "drawn upon"):
            print(report([pair for pair in judgements if pair[0].kind == kind], threshold, f"{kind}, {name}"))
    for result in sorted(results, key=lambda r: r.iou)[:12]:
        print(f"  {result.scene}, {result.kind} {result.iou:.4f} {result.features} {result.reasons}")
    if arguments.write:
        final = fitted(results, threshold)
        coefficients = {name: round(float(c), 4) for name, c in zip(USED, final.coefficients, strict=True)}
        text = json.dumps({"intercept": round(final.intercept, 4), "coefficients": coefficients}, indent=1)
        arguments.write.write_text(text + "\n")


if __name__ == "__main__":
    main()
