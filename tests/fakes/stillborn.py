"""An engine that kills its process when it is loaded, as a broken driver does."""

import os

os._exit(7)
