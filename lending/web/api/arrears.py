"""Who is late: the worklist, on any day."""

from lending.domain.access import Actor, Permission
from lending.domain.arrears import QualityClass
from lending.queries import arrears as questions
from lending.queries.books import unit_asked
from lending.queries.scope import as_of
from lending.web.api.door import Column
from lending.web.api.messages.arrears import ArrearsAsked, LateLoan
from lending.web.api.messages.fields import Page, or_none
from lending.web.api.paging import Window

column = Column("arrears", "Who is late, and what she promised")


@column.call("GET", "/arrears", needs=Permission.SEE_ARREARS)
def worklist(by: Actor, asked: ArrearsAsked, window: Window) -> Page[LateLoan]:
    """Loans that are late at the end of a day, in the order in which a call today can still save them.

    Broken promises first, then the first week, then the oldest.
    """
    rows = questions.worklist(
        by,
        as_of(by, or_none(asked.on)),
        officer=or_none(asked.officer),
        group_id=or_none(asked.group),
        unit=unit_asked(by, or_none(asked.unit))[1],
    )
    order = {row.loan_id: (row.urgency, -row.days_late, row.loan_id) for row in rows}
    items = [
        LateLoan(
            loan=row.loan_id,
            member=row.member_id,
            group=row.group_id,
            officer=row.officer,
            days_late=row.days_late,
            weeks_late=row.weeks_late,
            quality=QualityClass(row.quality),
            overdue=row.overdue,
            outstanding_principal=row.outstanding_principal,
            oldest_due=row.oldest_due,
            reason=row.reason.value if row.reason else None,
            promise=row.promise,
        )
        for row in rows
    ]
    return window.cut(items, lambda late: order[late.loan])
