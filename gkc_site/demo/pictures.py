"""Own drawings for the demo: a plain before → after chart, in the guide's two inks."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (1200, 480)
PAPER, SILVER, COBALT, INK = "#fcfcfd", "#8b919a", "#1d3aa6", "#14171c"


def chart(pairs: list[tuple[float, float]]) -> bytes:
    """A PNG with two bars for each (before, after), each pair to its own scale.

    It carries no words: alternative text and caption stand beside it, in
    each language.
    """
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    floor, top = height - 60, 50
    slot = (width - 120) / max(len(pairs), 1)
    for order, (before, after) in enumerate(pairs):
        highest = max(abs(before), abs(after)) or 1
        left = 60 + order * slot
        bar = min(slot * 0.3, 160)
        for value, colour, shift in ((before, SILVER, 0.12), (after, COBALT, 0.52)):
            start = left + slot * shift
            tall = max((floor - top) * abs(value) / highest, 3)
            draw.rectangle([start, floor - tall, start + bar, floor], fill=colour)
    draw.line([40, floor, width - 40, floor], fill=INK, width=4)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
