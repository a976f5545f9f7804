"""The privacy notice in force, as a page. The same words, in the same language, that records are kept under."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.guards import house_of, open_to_all
from intake.web.apply.pages import language_of
from intake.web.apply.views import NoticeBlock, NoticeSection, NoticeView
from intake.web.rendering import render
from retention.policy.notice import Notice, Paragraph, Section, Table, render_notice

router = APIRouter(dependencies=[Depends(open_to_all)])


@router.get("/notice")
def get_notice(request: Request) -> Response:
    """The notice in the reader's language where the policy speaks it, else in the policy's own."""
    policy, wish = house_of(request).policy, language_of(request)
    spoken = wish if wish in policy.languages else policy.languages[0]
    return render(request, "apply/notice.html", view=notice_view(render_notice(policy, spoken)))


def notice_view(notice: Notice) -> NoticeView:
    """What the page shows of a notice."""
    return NoticeView(
        title=notice.title,
        language=notice.language,
        version=notice.version,
        dated_on=notice.dated_on,
        digest=notice.digest,
        summary=tuple(notice.summary),
        sections=tuple(_section_view(section) for section in notice.sections),
    )


def _section_view(section: Section) -> NoticeSection:
    return NoticeSection(section.id, section.heading, tuple(_block_view(block) for block in section.blocks))


def _block_view(block: Paragraph | Table) -> NoticeBlock:
    if isinstance(block, Table):
        return NoticeBlock(header=tuple(block.header), rows=tuple(tuple(row) for row in block.rows))
    return NoticeBlock(text=block.text)
