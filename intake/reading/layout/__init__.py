"""From the characters of pages to lines in reading order.

Rows by baseline, columns by page band, repeated headers and footers last. It never drops text that stands on one
page only, except bare page numbers.
"""

from intake.reading.layout.columns import Block, to_blocks
from intake.reading.layout.furniture import drop_furniture
from intake.reading.layout.headings import mark_headings
from intake.reading.layout.rows import to_lines
from intake.reading.layout.segments import Segment, find_edges, has_inner_edge, to_rows, to_segments, writes_spaces
from intake.reading.layout.turned import turned_segments
from intake.reading.page import Line, Page

MARGIN_COLUMN = 9
"""The column of lines that repeat at the head or foot of pages; they come last."""


def lay_out(pages: list[Page]) -> list[Line]:
    """The lines of all pages in reading order; columns that run on over a page break stay together."""
    by_page, repeated = drop_furniture([(page, _segments_of(page)) for page in pages])
    lines: list[Line] = []
    for number, block in _chain([(page.number, to_blocks(segments)) for page, segments in by_page]):
        lines += to_lines(block, number)
    return lines + (to_lines(Block(repeated, column=MARGIN_COLUMN), 1) if repeated else [])


def _segments_of(page: Page) -> list[Segment]:
    upright = [char for char in page.chars if char.upright]
    written = writes_spaces(upright)
    rows = to_rows(upright)
    cut = [to_segments(row, page.links, written=written) for row in rows]
    edges = find_edges(cut)
    for index, row in enumerate(rows):
        if has_inner_edge(row, edges):
            cut[index] = to_segments(row, page.links, written=written, edges=edges)
    segments = [segment for row in cut for segment in row]
    if len(upright) < len(page.chars):
        segments += turned_segments([char for char in page.chars if not char.upright], segments)
        segments.sort(key=lambda s: (s.baseline, s.left))
    mark_headings(segments)
    return segments


def _chain(pages: list[tuple[int, list[Block]]]) -> list[tuple[int, Block]]:
    """Pages' blocks in order, the second column of a page after the first column of the next where both go on."""
    ordered: list[tuple[int, Block]] = []
    waiting: list[tuple[int, Block]] = []
    for index, (number, blocks) in enumerate(pages):
        _continue_first_column(blocks, waiting)
        head = _leading_columns(blocks)
        if waiting:
            goes_on = head and abs(head[0].gutter - waiting[0][1].gutter) < 12
            if not goes_on:
                ordered, waiting = ordered + waiting, []
        tail = _trailing_columns(blocks) if index + 1 < len(pages) else []
        right = [b for b in tail if b.column == 2]
        held = {id(b) for b in right}
        for block in blocks:
            if waiting and not (block in head and block.column == 1):
                ordered, waiting = ordered + waiting, []
            if id(block) not in held:
                ordered.append((number, block))
        if right:
            waiting = waiting + [(number, b) for b in right]
    return ordered + waiting


def _continue_first_column(blocks: list[Block], waiting: list[tuple[int, Block]]) -> None:
    """Take a page that fills only the first column of the page before as its continuation."""
    gutter = waiting[0][1].gutter if waiting else 0.0
    if blocks and not blocks[0].gutter and all(segment.right < gutter for segment in blocks[0].segments):
        blocks[0].gutter, blocks[0].column = gutter, 1


def _leading_columns(blocks: list[Block]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        if not block.gutter or (found and abs(block.gutter - found[0].gutter) > 1):
            break
        found.append(block)
    return found


def _trailing_columns(blocks: list[Block]) -> list[Block]:
    return _leading_columns(blocks[::-1])[::-1]
