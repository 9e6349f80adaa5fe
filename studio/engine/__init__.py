"""The picture itself: photos in, layers out. No window, no database, no network (but the model download)."""
