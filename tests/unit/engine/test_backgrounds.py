"""Backgrounds that come with the program."""

import numpy as np
import pytest

from studio.engine import backgrounds
from studio.engine.backgrounds import Background
from studio.errors import RecipeError


@pytest.mark.parametrize("name", backgrounds.names())
def test_every_preset_can_be_drawn_at_any_size(name: str) -> None:
    drawn = backgrounds.draw(backgrounds.find(name), (37, 53))
    assert drawn.shape == (53, 37, 3)
    assert drawn.dtype == np.uint16


def test_white_is_white() -> None:
    assert (backgrounds.draw(backgrounds.find("white"), (8, 8)) == 65535).all()


def test_a_gradient_of_many_rows_has_no_bands() -> None:
    drawn = backgrounds.draw(backgrounds.find("gradient-grey"), (4, 4000))[:, 0, 0].astype(int)
    assert len(np.unique(drawn)) > 3500
    assert np.abs(np.diff(drawn)).max() <= 3


def test_a_sweep_bends_at_its_horizon_and_is_even_elsewhere() -> None:
    sweep = Background(top=(100, 100, 100), bottom=(200, 200, 200), horizon=0.75, softness=0.2)
    column = backgrounds.draw(sweep, (4, 1000))[:, 0, 0] / 257
    assert column[:600] == pytest.approx(100, abs=0.5)
    assert column[900:] == pytest.approx(200, abs=0.5)
    assert column[750] == pytest.approx(150, abs=2)


def test_an_unknown_preset_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(RecipeError) as caught:
        backgrounds.find("moon")
    assert "sweep-grey" in caught.value.hint
