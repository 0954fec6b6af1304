"""A protocol with all that no protocol of the library has together: turns, shared and private lists, laps of several
steps with a branch and a reveal in them, two ways to begin again."""

from protocols.guided.binding import bind
from protocols.guided.catalog import parse
from tests.unit.guided_engine.table import LEVELS, OFFERS

_YAML = """\
key: unusual
title: Unusual
purpose: To try what no protocol of the library has together.
source: Written for this test
leads: facilitator
roles:
  facilitator: {called: the facilitator, from: ild}
  host: {called: the principal, from: principal}
  peer: {called: the peers, from: principals, min: 1, max: 4}
  observer: {called: the observers, from: anyone, min: 0, max: 2}
steps:
  - {key: alone, title: Alone, phase: a, kind: list, who: [host, peer], max: 3, visibility: private,
      ask: Alone}
  - {key: asks, title: Asks, phase: a, kind: list, who: [host, peer], max: 3, visibility: together,
      ask: Asks}
  - {key: rooms, title: Rooms, phase: a, kind: list, who: [host, peer], max: 3, closing: any,
      ask: Which rooms}
  - {key: look, title: Look, phase: a, kind: list, who: [host], max: 3, framework: look_fors, ask: What}
  - {key: way, title: Way, phase: a, kind: choice, who: [host], ask: How, options: [{key: short,
      label: Short}, {key: long, label: Long}]}
  - {key: notes, title: Notes, phase: b, kind: notes, who: [host, peer], repeats: rooms, tags: look,
      visibility: together, challenge: evidence, ask: "Notes {item}"}
  - {key: rate, title: Rate, phase: b, kind: choice, who: [peer, facilitator], repeats: rooms,
      per: look, framework: scale, visibility: together, closing: lead, ask: "Rate {item}"}
  - {key: more_text, title: More, phase: b, kind: text, who: [peer], max: 3, repeats: rooms,
      when: {way: [long]}, visibility: together, challenge: evidence, ask: "More {item}"}
  - {key: show, title: Show, phase: b, kind: reveal, who: [host, peer, facilitator], repeats: rooms,
      reveals: [notes, rate], ask: "See {item}", more: "See {item} more"}
  - {key: turns, title: Turns, phase: c, kind: text, who: [peer, host], turns: true, max: 4, min: 2,
      challenge: evidence, visibility: together, ask: In turn}
  - {key: talk, title: Talk, phase: c, kind: talk, who: [facilitator], minutes: 5, timed: true,
      ask: Talk}
  - {key: predict, title: Predict, phase: c, kind: text, who: [host, peer], per: asks,
      visibility: together, challenge: aim, ask: "Predict {item}"}
  - {key: come, title: Come, phase: c, kind: text, who: [host, peer], per: asks, ask: "Came {item}"}
  - {key: side, title: Side, phase: c, kind: reveal, who: [peer, host], closing: any,
      reveals: [predict, come, turns, more_text], ask: See}
  - {key: own, title: Own, phase: c, kind: text, who: [peer, observer], closing: lead, min: 0,
      visibility: private, challenge: rationale, ask: Own}
  - {key: figs, title: Figs, phase: c, kind: figures, who: [host, peer], max: 3, closing: any,
      ask: Figures}
  - {key: figsee, title: See, phase: c, kind: reveal, who: [host], reveals: [figs], ask: See figures}
  - {key: decide, title: Decide, phase: d, kind: choice, who: [host, peer], ask: Decide,
      options: [{key: stop, label: Stop}, {key: on, label: On, again: rooms}, {key: bit, label: A bit,
      again: turns}]}
  - {key: will, title: Will, phase: d, kind: commitment, who: [host, peer, facilitator], closing: lead,
      visibility: together, challenge: next_step, ask: Will}
  - {key: next_steps, title: Next, phase: d, kind: next_steps, who: [host, peer, facilitator],
      closing: lead, required: true, max: 3, challenge: next_step, ask: Next}
  - {key: after, title: After, phase: d, kind: text, who: [peer], max: 2, every: 3, ask: After}
"""
UNUSUAL = bind(parse(_YAML, name="unusual.yaml"), offers=OFFERS, levels=LEVELS)
