"""Invented memos in the form real ones have."""

CONFERENCES = """SYCAMORE UNIFIED SCHOOL DISTRICT
Office of Human Resources

TO:       All Principals
FROM:     Office of Human Resources
DATE:     November 20, 2026
RE:       Teacher evaluation conferences

What you need to do

1. Principals must hold a conference with each non-tenured teacher no later than Friday, December 11, 2026.
2. Principals must upload the signed Form HR-22 by December 18, 2026. Paper copies will not be accepted.

Payroll will send the list of teachers on December 2, 2026.

Questions: evaluation desk, extension 4410
"""

SEAT_COUNTS = """MEMORANDUM

To: Principals
From: Office of Assessment
Date: November 23, 2026
Subject: Seat counts for science testing

Middle schools must send seat counts for grade 8 science to the Office of Assessment by Monday,
December 14, 2026. This takes about ten minutes.

Elementary schools should check the device list by December 9, 2026.
"""
