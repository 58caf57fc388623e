"""Why a translation was refused, in words for the person who tried."""


class TranslationRefused(Exception):
    """The text's state forbids it."""


class OwnReading(TranslationRefused):
    """Nobody reads as second person what they translated."""


class TextChanged(TranslationRefused):
    """The text is another than the one that was read."""


class UnknownParagraph(TranslationRefused):
    """Words were given for a place that the original does not have."""


class FileRefused(TranslationRefused):
    """A file is not of this text, or too old."""
