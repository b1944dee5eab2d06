"""What a phone's camera sees: whether a QR code on a page is that of an address."""

import base64

import segno
from playwright.sync_api import Locator

# Dark or light in the middle of each square of a picture that is the code and nothing else.
READ_SQUARES = """async ([picture, size]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const brush = canvas.getContext("2d");
  brush.drawImage(image, 0, 0);
  const pixels = brush.getImageData(0, 0, image.width, image.height).data;
  const dark = (x, y) => {
    const at = 4 * (Math.floor(y) * image.width + Math.floor(x));
    return pixels[at] + pixels[at + 1] + pixels[at + 2] < 384;
  };
  const places = [...Array(size).keys()].map(each => each + 0.5);
  return places.map(y => places.map(
    x => dark(x * image.width / size, y * image.height / size)));
}"""


def leads_to(code: Locator, address: str) -> bool:
    """Whether the squares that are really on the screen say `address`."""
    picture = base64.b64encode(code.screenshot()).decode()
    # A page of no policy: the product's own refuses pictures that are not its own.
    blank = code.page.context.new_page()
    wanted = [
        [[bool(module) for module in row] for row in segno.make_qr(address, error=level).matrix]
        for level in "LMQH"
    ]
    try:
        return any(blank.evaluate(READ_SQUARES, [picture, len(each)]) == each for each in wanted)
    finally:
        blank.close()
