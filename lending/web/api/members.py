"""The women: enrolled, asked, visited, trained, found again."""

from lending.actions import enrolment
from lending.actions import members as acts
from lending.domain.access import Actor, Permission
from lending.queries import members as questions
from lending.queries import rosters, savings
from lending.web.api.door import Column
from lending.web.api.messages import members as messages
from lending.web.api.messages.fields import AsOf, Page, Warned, or_none
from lending.web.api.paging import Window
from lending.web.api.said import warned

column = Column("members", "The women: enrolled, asked, visited, trained, found again")


@column.call("POST", "/groups/{id}/members", needs=Permission.MANAGE_MEMBERS, status=201)
def enrol(by: Actor, group: int, body: messages.NewMember) -> messages.Member:
    """Enrol a woman in a group. Her NIK goes in whole and comes back masked."""
    new = enrolment.NewMember(
        name=body.name,
        nik=body.nik,
        birth_date=body.birth_date,
        address=body.address,
        rt=body.rt,
        rw=body.rw,
        kelurahan=body.kelurahan,
        consents=tuple(body.consents),
        kk=or_none(body.kk),
        phone=or_none(body.phone),
        sub_group=or_none(body.sub_group),
        joined_on=or_none(body.joined_on),
    )
    enrolled = enrolment.enrol(group, new, by)
    member = questions.member(by, enrolled.id)
    return _member(member, [*warned(enrolled.warnings), *warned(member.warnings)])


@column.call("GET", "/members", needs=Permission.SEE_MEMBERS)
def list_members(by: Actor, asked: messages.MembersAsked, window: Window) -> Page[messages.MemberListed]:
    """The women of her groups today, by id: who they are and what they agree to. No number of a register, no address, no telephone."""
    rows = rosters.members(by, group_id=or_none(asked.group), limit=window.fetch, after_id=window.after_id)
    listed = [
        messages.MemberListed(
            id=row.id, number=row.number, name=row.name, group=row.group, sub_group=row.sub_group, consents=list(row.consents)
        )
        for row in rows
    ]
    return window.page(listed, lambda row: (row.id,))


@column.call("GET", "/members/{id}", needs=Permission.SEE_MEMBERS)
def get_member(by: Actor, member: int, asked: AsOf) -> messages.Member:
    """A woman as of the end of a day, her numbers masked."""
    found = questions.member(by, member, on=or_none(asked.on))
    return _member(found, warned(found.warnings))


def movements(book: messages.Book) -> list[messages.Movement]:
    """Her book as a table: one row a movement."""
    return book.movements


@column.call("GET", "/members/{id}/savings", needs=Permission.SEE_MEMBERS, table=movements)
def get_book(by: Actor, member: int, asked: AsOf) -> messages.Book:
    """Her savings and her UPJ, movement by movement up to a day, with what she had after each. It always comes whole."""
    kept = [savings.book(by, member, account, on=or_none(asked.on)) for account in savings.KEPT]
    rows = [
        messages.Movement(
            account=one.account,
            on=one.on,
            kind=one.kind,
            amount=one.amount,
            balance=one.balance,
            receipt=one.receipt,
            reason=one.reason,
            by=one.by,
            entry=one.entry,
        )
        for book in kept
        for one in book
    ]
    ends = [book[-1].balance if book else 0 for book in kept]
    return messages.Book(member=member, savings=ends[0], upj=ends[1], movements=rows)


@column.call("POST", "/members/search", needs=Permission.SEARCH_MEMBERS, asks=True)
def search(by: Actor, body: messages.Wanted, window: Window) -> Page[messages.Found]:
    """Find women of one's own scope, by a part of their name, by number, or by the whole NIK. That somebody searched is written down."""
    found = acts.search(
        by, name=or_none(body.name), number=or_none(body.number), nik=or_none(body.nik), limit=window.fetch, after_id=window.after_id
    )
    rows = [messages.Found(id=row.id, number=row.number, name=row.name, group=row.group, kelurahan=row.kelurahan) for row in found]
    return window.page(rows, lambda row: (row.id,))


@column.call("POST", "/members/{id}/consents", needs=Permission.MANAGE_MEMBERS, status=201)
def record_consent(by: Actor, member: int, body: messages.NewConsent) -> messages.ConsentKept:
    """Write down what she agrees to, or takes back: credit, group, photo, city."""
    consents = acts.record_consent(member, body.purpose, by, given=body.given, on=body.on)
    return messages.ConsentKept(member=member, consents=list(consents))


@column.call("POST", "/members/{id}/eligibility", needs=Permission.MANAGE_MEMBERS, status=201)
def record_eligibility(by: Actor, member: int, body: messages.NewEligibility) -> messages.EligibilityKept:
    """Keep what was found at her home; it holds 180 days."""
    visit = acts.HomeVisit(
        on=body.on,
        household_size=body.household_size,
        income_per_month=body.income_per_month,
        house_index=body.house_index,
        passed=body.passed,
        other_debt_weekly=or_none(body.other_debt_weekly) or 0,
        note=or_none(body.note) or "",
    )
    kept = acts.record_eligibility(member, visit, by)
    return messages.EligibilityKept(
        member=member, on=body.on, passed=body.passed, valid_until=kept.valid_until, warnings=warned(kept.warnings)
    )


@column.call("POST", "/members/{id}/training", needs=Permission.MANAGE_MEMBERS, status=201)
def record_training(by: Actor, member: int, body: messages.NewTraining) -> messages.TrainingKept:
    """Add days of training to those already kept."""
    kept = acts.record_training(member, body.days, by)
    return messages.TrainingKept(member=member, days=list(kept.days), complete=kept.complete)


@column.call("POST", "/members/{id}/leave", needs=Permission.RELEASE_MEMBERS)
def leave(by: Actor, member: int, body: messages.Leaving) -> messages.Member:
    """She leaves her group, when no loan, savings or UPJ remain."""
    acts.leave(member, body.on, body.reason, by)
    found = questions.member(by, member)
    return _member(found, warned(found.warnings))


@column.call("POST", "/members/{id}/nik", needs=Permission.SHOW_NIK)
def show_nik(by: Actor, member: int, body: messages.NikAsked) -> messages.NikShown:
    """Her NIK in full, this once, with a reason. Who saw it and why is written down; no other answer ever holds one."""
    return messages.NikShown(member=member, nik=acts.show_nik(member, body.reason, by))


def _member(found: questions.MemberDetail, doubts: list[Warned]) -> messages.Member:
    return messages.Member(
        id=found.id,
        number=found.number,
        name=found.name,
        nik=found.nik,
        kk=found.kk,
        birth_date=found.birth_date,
        phone=found.phone,
        address=found.address,
        rt=found.rt,
        rw=found.rw,
        kelurahan=found.kelurahan,
        group=found.group,
        sub_group=found.sub_group,
        role=found.role.value if found.role else None,
        officer=found.officer,
        joined_on=found.joined_on,
        left_on=found.left_on,
        state=found.state.value,
        consents=list(found.consents),
        loans=list(found.loans),
        savings=found.savings,
        upj=found.upj,
        warnings=doubts,
    )
