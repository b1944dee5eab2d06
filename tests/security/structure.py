"""What a page is made of, apart from its words: elements with their attributes, and addresses."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

ADDRESSES = {"href", "xlink:href", "src", "srcset", "action", "formaction", "data", "poster"}


@dataclass(frozen=True)
class Element:
    tag: str
    attributes: frozenset[str]


@dataclass
class Structure(HTMLParser):
    """`text` is all that can be read, of attributes too; `addresses` are where it leads, `links`
    those that a reader follows."""

    address: str
    html: str
    elements: set[Element] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.add(Element(tag, frozenset(name for name, _ in attributes)))
        for name, value in attributes:
            self.parts.append(value or "")
            if name in ADDRESSES and value is not None:
                self.addresses.add(urljoin(self.address, value))
                if tag == "a":
                    self.links.add(urljoin(self.address, value).partition("#")[0])

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        """Without spaces: where lines are broken is the page's affair."""
        return bare(" ".join(self.parts))

    @property
    def leads_out(self) -> set[str]:
        """Addresses that are not of this server."""
        own = urlsplit(self.address)[:2]
        return {one for one in self.addresses if urlsplit(one)[:2] != own}


def bare(text: str) -> str:
    return "".join(text.split())
