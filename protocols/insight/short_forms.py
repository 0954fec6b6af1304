"""What people shorten when they type to a bot ("wks", "n5", "ytd by ntwk"), written out before a question is read.

A short form that is also a word or part of a name (`hs`, `ms`, `is`) stays as it is here: the places that know what
stands beside it read it.
"""

import re

_TABLE = """
week: wk
weeks: wks
year: yr
years: yrs
month: mo mth mnth
months: mos mths mnths
semester: sem semstr
semesters: sems
quarter: qtr qrtr quater
quarters: qtrs
minutes: min mins
hours: hrs
day: dy
days: dys
please: pls plz plse
thanks: thx thnx tnx ty
with: w wth
without: wo
school: schl sch skl scl
schools: schls schs skls
network: ntwk netwk nwk ntwrk netw
networks: ntwks
office: ofc offc
offices: ofcs
department: dpt
average: avg avrg ave
percent: pct prcnt
number: num nbr cnt ct
total: tot ttl
between: btwn betw btw
because: bc cuz cos coz
about: abt
yesterday: yest yday ystrdy
today: tdy
people: ppl
principal: prin princ prncpl
principals: prins princs ppals
weekly: wkly
monthly: mthly mnthly
biweekly: biwkly bwkly
elementary: elemntary elementry elm
cancelled: cxl cxld cxled canx cncl cncld cancd cancld
cancellations: cxls
visits: vsts vists
visit: vst
visited: vstd
protected: prot prtctd
inquiry: inq
walkthrough: wthru walkthr wkthru wlkthru
walkthroughs: wthrus walkthrus wkthrus wlkthrus wtrs
experienced: exp
veteran: vet
veterans: vets
are: r
you: u
your: ur
have: hav hv
enough: enuf enuff
want: wanna
going: gonna
previous: prev
building: bldg
buildings: bldgs
each: ea
vs: v
intervals: intvls intvl
"""
_SHORT = {
    short: full
    for line in _TABLE.strip().splitlines()
    for full, _, shorts in [line.partition(": ")]
    for short in shorts.split()
}
_IN_CONTEXT = (
    (r"\b(?:n|nw|net|nt) (?=\d{1,3}(?: |$))", "network "),
    (r"\bn\b", "and"),
    (r"\bhw (?=many|much|often|long|do|did|are|is|has|have)", "how "),
    (r"\b(\d+|an) hr\b", r"\1 hour"),  # HR alone is an office
    (r"\b(\d+) d\b", r"\1 days"),
    (r"\b(\d+) with\b(?= |$)(?! (?:no|out|a|the)\b)", r"\1 weeks"),
    (r"\b(same|this) pt\b", r"\1 point"),
    (r"\bpt (?=kept|lost|held|hold|honou?red|survived|taken|percent|time|by)", "protected time "),
    (r"\b(?:month to date|mtd)\b", "this month to date"),
    (r"\b(?:quarter to date|qtd)\b", "this quarter to date"),
    (r"\b(?:week to date|wtd)\b", "this week to date"),
    (r"\b(?:school year|year|sy) (?:so far )?to date\b|\b(?:school year|year|sy) td\b", "ytd"),
    (r"\b(q[1-4]|quarter|month|semester) td\b", r"\1 to date"),
    (r"\bnet (?=m(?:ee)?tgs?\b|meetings?\b)", "network "),
    (r"\b(last|this|prior|previous) sy\b", r"\1 school year"),
    (r"\bly\b", "last year"),
    (r"\blw\b", "last week"),
)


def write_out(line: str) -> str:
    """A line of plain words with its short forms written out."""

    line = " ".join(_SHORT.get(word, word) for word in line.split(" "))
    for pattern, instead in _IN_CONTEXT:
        line = re.sub(pattern, instead, line)
    return line
