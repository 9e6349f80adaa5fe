"""Networks: the catalog of them, their way onto this computer, and their time in memory."""
