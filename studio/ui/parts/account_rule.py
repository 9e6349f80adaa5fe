"""The sheet of the cloud's rule: when the service renders by itself, after its price was said and a limit agreed to."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from studio.model import Account, CloudRule
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, label, row
from studio.ui.parts.fields import Check, Number

MOST_CREDITS = 100_000
MOST_WAITING = 100_000


class RuleSheet(QDialog):
    """Asks when and for how many credits; `answer` holds what was agreed to, None = nothing was."""

    def __init__(self, rule: CloudRule, known: Account, parent: QWidget) -> None:
        super().__init__(parent)
        self.answer: tuple[bool, int, int] | None = None
        self.setWindowTitle(tr("Cloud rendering by rule"))
        self.setMinimumWidth(460)
        price = tr("Each photo costs {n} credits when it is done.", rule.price)
        if known.balance:
            price += " " + tr("You have {n} credits.", known.balance.available)
        self.without_gpu = Check(tr("While this computer has no graphics card"))
        self.without_gpu.set_value(rule.without_gpu)
        self.over_queue = Number(tr("Beyond a queue of"), 1, MOST_WAITING, special=tr("however many wait"))
        self.over_queue.set_value(rule.over_queue or None)
        self.limit = Number(tr("Credits at most"), 1, MOST_CREDITS)
        self.limit.set_value(rule.limit or 10)
        # Not what Enter means: Enter after a number must not agree to a price.
        agree = button(tr("Agree"), self.agree, kind="primary")
        column = QVBoxLayout(self)
        for part in (
            label(price, wrap=True),
            self.without_gpu,
            self.over_queue,
            self.limit,
            label(tr("What is cancelled or fails costs nothing. Photos beyond the limit are rendered here."), "small"),
            row(button(tr("No rule"), self.end), None, button(tr("Close"), self.reject), agree),
        ):
            column.addWidget(part)

    @Slot()
    def agree(self) -> None:
        """Take what stands there; the limit is counted anew."""
        self.answer = (self.without_gpu.value, self.over_queue.value or 0, self.limit.value)
        self.accept()

    @Slot()
    def end(self) -> None:
        """Let the service render nothing by itself any more."""
        self.answer = (False, 0, 0)
        self.accept()


def rule_words(rule: CloudRule) -> str:
    """The rule as a sentence."""
    if not rule.is_on:
        return tr("The service renders only what you send.")
    when = [tr("while there is no graphics card")] if rule.without_gpu else []
    when += [tr("beyond a queue of {n}", rule.over_queue)] if rule.over_queue else []
    spent = tr("{n} of them are used", rule.used)
    return tr(
        "By rule, {when}: at most {credits}, {spent}.",
        when=tr(", ").join(when),
        credits=tr("{n} credits", rule.limit),
        spent=spent,
    )
