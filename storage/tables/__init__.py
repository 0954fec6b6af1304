"""The tables. Rows only: rules are in ``protocols``, queries in one module per topic in ``storage``.

One module a topic; the rest of the house imports rows from here, so that the metadata always holds every table.

- ``people``: people, roles, accounts, schools, assignments of ILDs and principals, rhythms that ILDs set,
  ways between schools
- ``calendar``: periods, closures, protected half-days and their exceptions, meetings asked for, protected time lost
- ``calendar_feeds``: published calendars that are read again, changes of the calendar that wait for a yes
- ``busy``: people's own calendars, when they are busy, the addresses of their feeds
- ``visits``: visits planned, held, cancelled, and who says that they took place
- ``runs``: runs, their seats and events; the protocols as run, as adapted, and the district's framework
- ``theories``: theories of action, revision by revision
- ``threads``: promises, a principal's proposals, handovers of schools
- ``drifts``: schools found drifting, who was told, when it was mended
- ``mandates``: mandates, their demands, triage, opening lines, digests and their items
- ``originals``: what came in, byte for byte, and what became of it
- ``deciding``: questions to units about demands, ILDs' rules, ties to a school's focus, what principals decide
- ``digest_changes``: what changed about demands that principals had been told of, and which digest said so
- ``languages``: people's languages, what was translated for them, and plainer lines by a model
- ``questions``: questions answered in figures, and those that are asked again
- ``pulse``: what principals were asked about the centre, and their answers, which no name can be joined to
- ``searches``: what people last looked for among the memos
- ``ways_in``: pages to fetch, feeds of memos, the mailbox, tokens for POST /mandates
- ``submissions``: which units asked not to drop a demand, a scarce thing
- ``service_requests``: what schools ask of units, and every step of it
- ``requests``: what units ask of schools, and who answers first about what
- ``courtesy``: people's hours, days away and reminders, what they put off, how much they have the bot do
- ``homes``: the pages that platforms keep for people, and what stands on them
- ``messages``: the outbox and its attachments, inbound events, expectations, the playground's chat lines
- ``keeping``: legal holds: what may not be let go
- ``record``: the audit, what was brought up already, settings of the deployment
- ``columns``: columns and indexes that several tables write alike

Conventions. Instants are aware UTC (sqlmodel refuses naive ones). School days are dates; where reports walk over
many rows (visits, losses of protected time) the day is an integer, ``date.toordinal()``, which keeps a year's
count over 640,000 visits to a few milliseconds. Times of day are minutes since local midnight. A ``version``
column is the optimistic lock of its row. Nothing is deleted that history needs: rows end (``ends``, ``active``).
"""

from storage.tables.busy import BusyStretchRow, FeedRow, OwnCalendarRow
from storage.tables.calendar import (
    ClosureRow,
    EmergencyRow,
    MeetingRow,
    OpeningRow,
    PeriodRow,
    PolicyChangeRow,
    ProtectedLossRow,
    ProtectedRuleRow,
)
from storage.tables.calendar_feeds import CalendarChangeRow, CalendarFeedRow
from storage.tables.courtesy import CourtesyRow, PaceRow, SnoozeRow
from storage.tables.deciding import (
    BufferRuleRow,
    ChallengeRow,
    ChallengeWaiterRow,
    FocusTieRow,
    PrincipalAreaRow,
)
from storage.tables.digest_changes import DemandChangeRow, DigestChangeRow
from storage.tables.drifts import DriftRow
from storage.tables.homes import HomeAttachmentRow, HomeRow
from storage.tables.keeping import LegalHoldRow
from storage.tables.languages import LanguageRow, PlainLineRow, TranslationRow
from storage.tables.mandates import DemandRow, DigestItemRow, DigestRow, MandateRow, TriageRow, WeekLineRow
from storage.tables.messages import (
    AttachmentRow,
    ChatLineRow,
    ExpectationRow,
    InboundRow,
    KeptInboundRow,
    MessageRow,
)
from storage.tables.originals import OriginalRow
from storage.tables.people import (
    AccountRow,
    AssignmentRow,
    PersonRow,
    RoleRow,
    SchoolRow,
    TargetRow,
    TravelRow,
)
from storage.tables.pulse import PulseAnsweredRow, PulseBallotRow, PulseDoneRow, PulseLineRow, PulseRow
from storage.tables.questions import QuestionRow, SubscriptionRow
from storage.tables.record import AuditRow, NoticeRow, SettingRow
from storage.tables.requests import FirstResponderRow, UnitRequestRow
from storage.tables.runs import FrameworkRow, MasterRow, ProtocolVersionRow, RunEventRow, RunRow, RunSeatRow
from storage.tables.searches import MemoSearchRow
from storage.tables.service_requests import ServiceRequestRow, ServiceStepRow
from storage.tables.submissions import DropUseRow
from storage.tables.theories import TheoryRow
from storage.tables.threads import HandoverRow, PromiseRow, ProposalRow
from storage.tables.visits import VisitRow, WitnessRow
from storage.tables.ways_in import (
    MailboxRow,
    MandateTokenRow,
    MemoFeedEntryRow,
    MemoFeedRow,
    PageRow,
    UnknownMailRow,
)

__all__ = [
    "AccountRow",
    "AssignmentRow",
    "AttachmentRow",
    "AuditRow",
    "BufferRuleRow",
    "BusyStretchRow",
    "CalendarChangeRow",
    "CalendarFeedRow",
    "ChallengeRow",
    "ChallengeWaiterRow",
    "ChatLineRow",
    "ClosureRow",
    "CourtesyRow",
    "DemandChangeRow",
    "DemandRow",
    "DigestChangeRow",
    "DigestItemRow",
    "DigestRow",
    "DriftRow",
    "DropUseRow",
    "EmergencyRow",
    "ExpectationRow",
    "FeedRow",
    "FirstResponderRow",
    "FocusTieRow",
    "FrameworkRow",
    "HandoverRow",
    "HomeAttachmentRow",
    "HomeRow",
    "InboundRow",
    "KeptInboundRow",
    "LanguageRow",
    "LegalHoldRow",
    "MailboxRow",
    "MandateRow",
    "MandateTokenRow",
    "MasterRow",
    "MeetingRow",
    "MemoFeedEntryRow",
    "MemoFeedRow",
    "MemoSearchRow",
    "MessageRow",
    "NoticeRow",
    "OpeningRow",
    "OriginalRow",
    "OwnCalendarRow",
    "PaceRow",
    "PageRow",
    "PeriodRow",
    "PersonRow",
    "PlainLineRow",
    "PolicyChangeRow",
    "PrincipalAreaRow",
    "PromiseRow",
    "ProposalRow",
    "ProtectedLossRow",
    "ProtectedRuleRow",
    "ProtocolVersionRow",
    "PulseAnsweredRow",
    "PulseBallotRow",
    "PulseDoneRow",
    "PulseLineRow",
    "PulseRow",
    "QuestionRow",
    "RoleRow",
    "RunEventRow",
    "RunRow",
    "RunSeatRow",
    "SchoolRow",
    "ServiceRequestRow",
    "ServiceStepRow",
    "SettingRow",
    "SnoozeRow",
    "SubscriptionRow",
    "TargetRow",
    "TheoryRow",
    "TranslationRow",
    "TravelRow",
    "TriageRow",
    "UnitRequestRow",
    "UnknownMailRow",
    "VisitRow",
    "WeekLineRow",
    "WitnessRow",
]
