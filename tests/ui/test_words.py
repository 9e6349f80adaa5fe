"""Languages, accessibility, start: what holds for the whole window."""

import importlib.util
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialogButtonBox,
    QLineEdit,
    QSlider,
    QSpinBox,
    QTabBar,
)

from studio.engine.pipeline import STAGES, STUDIO_STAGES
from studio.recipes import BUILT_IN
from studio.sync.credentials import _how_to_unlock, _locked, _no_keyring
from studio.ui import i18n, theme
from studio.ui.i18n import TRANSLATIONS, install_language, tr
from studio.ui.parts.controls import label
from studio.ui.parts.fields import CalmSpinBox
from studio.ui.phrases import preset_name, stage_name
from studio.ui.sentences import said

CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QSlider, QSpinBox)


def load_update():
    spec = importlib.util.spec_from_file_location("update", TRANSLATIONS / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def arabic(qapp):
    install_language(qapp, "ar")
    yield
    install_language(qapp, "en")


def test_every_text_of_the_window_is_translated():
    update = load_update()
    texts, plurals = update.window_texts()
    known = update.read_ts(TRANSLATIONS / "modamoda_ar.ts")
    assert not [text for text in texts if not all(known.get(text) or [""])]
    assert all(len(known[text]) == 6 for text in plurals)


def test_translations_name_the_same_values():
    update = load_update()
    texts, _ = update.window_texts()
    for text, forms in update.read_ts(TRANSLATIONS / "modamoda_ar.ts").items():
        for form in filter(None, forms):
            assert form.count("{}") == text.count("{}"), text
            if text in texts and "{n}" not in text:
                assert sorted(re.findall(r"\{\w*\}", form)) == sorted(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_compiled_translations_are_those_of_the_sources(language, tmp_path):
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    made = tmp_path / "made.qm"
    subprocess.run([tool, "-silent", TRANSLATIONS / f"modamoda_{language}.ts", "-qm", made], check=True)
    assert made.read_bytes() == (TRANSLATIONS / f"modamoda_{language}.qm").read_bytes()


def test_arabic_counts_as_arabic_does(arabic):
    assert [tr("{n} shots", n) for n in (1, 2, 3, 11, 100)] == [
        "لقطة واحدة",
        "لقطتان",
        "٣ لقطات",
        "١١ لقطة",
        "١٠٠ لقطة",
    ]


def test_the_dialogs_of_qt_speak_arabic_too(arabic):
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert [button.text() for button in buttons.buttons()] == ["ألغِ"]


def test_a_catalogue_that_is_compiled_anew_while_the_window_speaks_it_does_no_harm(qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path)
    copy = Path(shutil.copy(TRANSLATIONS / "modamoda_ar.qm", tmp_path))
    install_language(qapp, "ar")
    copy.write_bytes(b"")
    assert tr("Start") == "ابدأ"
    install_language(qapp, "en")


def test_sentences_from_below_are_said_in_arabic_with_their_names(arabic):
    sentence = said("There is no room left to write /photos/a.png.")
    assert sentence.startswith("لا مساحة باقية")
    assert "/photos/a.png" in sentence


def test_numbers_and_versions_amid_arabic_are_written_as_arabic_does(arabic):
    assert "٢٥٫٣" in said("25.3 GB")
    assert "\u2068torch 2.13.0+cpu\u2069" in said("torch 2.13.0+cpu")
    box = CalmSpinBox()
    assert box.alignment() & Qt.AlignmentFlag.AlignRight
    shown = label("")
    shown.setText("PyTorch")
    assert shown.text() == "\u200fPyTorch"


def test_every_stage_that_is_told_has_words():
    stages = [*STAGES.values(), *STUDIO_STAGES.values()]
    told = {"read", "farm", *(stage.name for row in stages for stage in row)}
    assert {name for name in told if stage_name(name) == name} == set()


def test_every_preset_of_the_program_has_a_name_of_its_own():
    assert not [name for name in BUILT_IN if preset_name(name) == name]


def test_english_knows_one_from_many(qapp):
    install_language(qapp, "en")
    assert [tr("{n} shots", n) for n in (1, 2)] == ["1 shot", "2 shots"]


def test_every_control_has_a_name_of_its_own_and_is_reached_by_keyboard(qtbot, opened):
    for name, _ in opened.page_titles:
        opened.show_page(name)
        qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=10_000)
        QCoreApplication.processEvents()  # what was made just now is shown a moment later
        names = []
        for control in (found for kind in CONTROLS for found in opened.page(name).findChildren(kind)):
            is_part_of_qt = control.objectName().startswith("qt_") or isinstance(control.parent(), (QLineEdit, QTabBar))
            if is_part_of_qt or not control.isVisible():
                continue
            said_name = control.accessibleName() or getattr(control, "text", str)()
            assert said_name.strip(), f"{name}: {control!r} has no name"
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, f"{name}: {said_name} is not reached by Tab"
            names.append(said_name)
        assert not [each for each, many in Counter(names).items() if many > 1], name


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=lambda look: look.name)
def test_text_stands_out_from_its_ground(look):
    for ground in (look.window, look.panel, look.raised, look.selection):
        for text in (look.text, look.muted):
            assert contrast(text, ground) >= 4.5, (text, ground)
    for colour in (look.good, look.doubt, look.bad, look.busy, look.accent):
        assert contrast(colour, look.panel) >= 4.5, colour
    assert contrast(look.on_accent, look.accent) >= 4.5


def test_what_is_wrong_with_the_keyring_is_said_in_arabic_too(arabic):
    for error in (_no_keyring(), _locked("Keyring locked", "The system's keyring is locked, so that the account's "
                  "secrets are out of reach.", _how_to_unlock())):  # fmt: skip
        for words in (error.title, error.message, error.hint):
            assert said(words) != words


def test_the_window_opens_without_the_engine():
    heavy = "'numpy', 'cv2', 'onnxruntime', 'scipy', 'torch', 'alembic'"
    code = f"import studio.ui.main, sys; print([name for name in ({heavy}) if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_the_facade_needs_no_qt():
    code = "import studio.app, sys; print('PySide6' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = QColor(colour).getRgbF()[:3]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_names_that_begin_with_digits_keep_their_order_amid_arabic(qtbot, finished, arabic):
    finished.show_page("history")
    page = finished.page("history")
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=5000)
    assert page.model.index(0, 0).data()[0] == "\u2068"
    finished.show_page("review")
    review = finished.page("review").list
    qtbot.waitUntil(lambda: review.count() == 1, timeout=5000)
    assert review.item(0).text().startswith("\u2068doubtful.jpg\u2069")
