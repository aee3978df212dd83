"""One form for each act on a group: forming it, moving its meetings, naming who leads and who serves it."""

from flask_babel import lazy_gettext as _

from lending.web.forms import LONGEST_REASON, CountField, DateField, HourField, HouseForm, ManyField, PickField, TextField

LONGEST_PLACE = 120


class FilterForm(HouseForm):
    """Whose groups to list."""

    officer = PickField(_("Petugas"), optional=True)


class GroupForm(HouseForm):
    """A group to be formed."""

    name = TextField(_("Nama kelompok"))
    kelurahan = PickField(_("Kelurahan"))
    place = TextField(_("Tempat pertemuan"), longest=LONGEST_PLACE)
    weekday = PickField(_("Hari pertemuan"), coerce=int)
    time = HourField(_("Jam pertemuan"))
    first_meeting = DateField(_("Pertemuan pertama"))
    officer = PickField(_("Petugas"))


class MoveForm(HouseForm):
    """One meeting to another day."""

    to = DateField(_("Tanggal baru"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class ShiftForm(HouseForm):
    """A meeting and all behind it some weeks later."""

    weeks = CountField(_("Mundur berapa minggu"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class UndoMoveForm(HouseForm):
    """Why a move is taken back."""

    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class LeaderForm(HouseForm):
    """Who leads the group."""

    member = PickField(_("Ketua baru"), coerce=int)
    since = DateField(_("Mulai tanggal"), name="from")


class StaffForm(HouseForm):
    """Who serves the group, from when and why."""

    since = DateField(_("Mulai tanggal"), name="from")
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class OfficerForm(StaffForm):
    """Another officer."""

    officer = PickField(_("Petugas baru"))


class MentorForm(StaffForm):
    """A mentor of its own."""

    mentor = PickField(_("Pendamping baru"))


class WhoseForm(HouseForm):
    """Whose groups are given on, and from which day."""

    name = PickField(_("Petugas yang digantikan"))
    since = DateField(_("Mulai tanggal"), name="from")


class ReassignForm(HouseForm):
    """Which of her groups go to whom, for how long and why."""

    to = PickField(_("Petugas pengganti"))
    until = DateField(_("Hari terakhir pengganti"), optional=True)
    groups = ManyField(_("Kelompok yang diserahkan"), coerce=int)
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)
