"""The method's numbers, once. Ranges are inclusive: (fewest, most)."""

KEYNOTE_MINUTES = (10, 15)  # P16
RISK_DIALOGUE_MINUTES = (15, 30)  # P16
INTERACTIVE_BLOCKS = (2, 3)  # P16: in a day
MINUTES_WITHOUT_A_BREAK = 120  # people's, not the method's: nobody listens longer
ACCOUNTABLE = (1, 1)  # P12: exactly one for each deliverable
CARRIED_AT_ONCE = (0, 5)  # P12: open deliverables on which one person has R or A
