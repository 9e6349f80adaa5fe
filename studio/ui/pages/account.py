"""The place of the account: what it will be for, and that nothing here needs one."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.ui.desk import Desk
from studio.ui.i18n import tr
from studio.ui.parts.controls import empty_state


class AccountPage(QWidget):
    """No account exists yet; everything local works without one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        words = tr("Everything on this computer works without an account, unmetered, for ever.")
        layout = QVBoxLayout(self)
        layout.addWidget(empty_state("account", tr("No account needed"), words))
