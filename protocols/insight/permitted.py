"""Whether a question stays with what the asker may ask about, as far as its words tell.

An ILD asks about her own network, a principal about her own school, an executive about the whole district. Who may
see what at all is decided elsewhere; this refuses questions whose meaning lies beyond the asker's own.
"""

import re
from collections.abc import Mapping

from protocols.insight.query import Asker, Grouping, Heard, Role, Why
from protocols.insight.vocabulary import Vocabulary

_DISTRICT = (
    r"\b(?:district ?wide|(?:across|in|for|of|throughout|around) (?:the|our) (?:\w+ )?district|"
    r"(?:the |our )?(?:whole|entire) district|district (?:average|total|mean|median)s?|"
    r"(?:all|every|each)(?: of)?(?: the)? (?:\d+ )?networks?|(?:the |any )?others? (?:ilds?|"
    r"directors?|supervisors?|networks?|leaders?)|every ?(?:one|body) else|(?:has|have|did|"
    r"does|is|are) every ?(?:one|body)|any ?(?:one|"
    r"body) else|"
    r"(?:than|with|against|to|versus|vs) (?:the )?(?:district|others|everyone|everybody|average|rest|"
    r"peers|colleagues)|(?:my |the )?(?:peers|colleagues)|next door|(?:the )?average ild|"
    r"(?:above|below) (?:the )?average|"
    r"^(?:the )?district (?:protected|blackout|visits?|numbers?|figures?|data|time|intervals?|next steps?|cancel\w+)|"
    r"everywhere|elsewhere|neighbou?r\w*)\b"
)
_BEYOND_SCHOOL = (
    r"\b(?:(?:the |any |all )?others? (?:schools?|principals?|buildings?|campuses)|(?:our|my|"
    r"the|this|whole|entire) network\b(?! (?:meetings?|lead|ild|director|supervisor))|"
    r"(?:which|what|how many|all|all the|every|each|any|most|some|per|by|elementary|middle|"
    r"high) (?:schools?|principals)|(?:(?<=> )|\b(?:her|his|their) )(?:other )?schools\b|schools (?:in|with|"
    r"without|that|who|like|near|not)|"
    r"(?:across|among|between) (?:the |our |all )?(?:schools|principals)|nearby|sister school|"
    r"other (?:ones|people)|every ?(?:one|body))\b"
)


def permit(
    heard: Heard,
    asker: Asker,
    vocabulary: Vocabulary,
    line: str,
    *,
    named: Mapping[str, tuple[str, ...]],
    groupings: tuple[Grouping, ...],
) -> Why | None:
    """Why the question is not the asker's to ask, or None. `named` are the filters said in this message itself."""

    match asker.role:
        case Role.EXECUTIVE | Role.ADMIN:
            return None
        case Role.ILD:
            is_beyond = _is_beyond_network(heard, asker, vocabulary, line, groupings)
        case Role.PRINCIPAL:
            is_beyond = _is_beyond_school(heard, asker, vocabulary, line, named, groupings)
        case Role.UNIT:
            is_beyond = True
    return Why.NOT_YOURS if is_beyond else None


def _is_beyond_network(
    heard: Heard, asker: Asker, vocabulary: Vocabulary, line: str, groupings: tuple[Grouping, ...]
) -> bool:
    own = {school.name for school in vocabulary.schools if school.network == asker.network}
    schools = {*heard.filters.get("school", ()), *(name for name in heard.between if name)}
    if not set(heard.filters.get("ild", ())) <= {asker.name} or not set(heard.filters.get("network", ())) <= {
        asker.network
    }:
        return True
    if heard.between and schools & own:
        schools &= own
    if not schools <= own or re.search(_DISTRICT, line):
        return True
    counted = re.findall(r"\ball(?: of)?(?: the)? (\d+) (?:schools?|principals)", line)
    if any(int(number) > len(own) for number in counted):
        return True
    by_others = {Grouping.ILD, Grouping.NETWORK} & {*groupings, *((heard.by,) if heard.by else ())}
    return bool(by_others) and not schools


def _is_beyond_school(
    heard: Heard,
    asker: Asker,
    vocabulary: Vocabulary,
    line: str,
    named: Mapping[str, tuple[str, ...]],
    groupings: tuple[Grouping, ...],
) -> bool:
    own = vocabulary.school(asker.school or "")
    if own is None:
        return True
    schools = {*heard.filters.get("school", ()), *(name for name in heard.between if name)}
    own_ilds = {ild.name for ild in vocabulary.ilds if ild.network == own.network}
    if not schools <= {own.name} or not set(named.get("ild", ())) <= own_ilds:
        return True
    if (
        named.get("network")
        or not set(named.get("level", ())) <= {own.level}
        or not set(named.get("tier", ())) <= {own.tier}
    ):
        return True
    if re.search(r"<[lt]\d+>", line) and not re.search(r"\b(?:our|my|we|us)\b", line):
        return True
    if {Grouping.SCHOOL, Grouping.NETWORK, Grouping.LEVEL, Grouping.TIER, Grouping.EXPERIENCE} & set(
        groupings
    ):
        return True
    return bool(re.search(_DISTRICT, line) or re.search(_BEYOND_SCHOOL, line))
