"""The window: widgets and item models over `studio.app.Studio`, and nothing below it."""
