"""The method's numbers, once. Ranges are inclusive: (fewest, most)."""

Frame = tuple[int, int]

# ---- Direction
STRATEGIC_GOALS: Frame = (3, 5)  # P2
SMART_CRITERIA: Frame = (5, 5)  # P3
MOVES_PER_GOAL: Frame = (2, 2)  # P4
KPIS_PER_SUB_GOAL: Frame = (1, 3)  # P5
KPIS_ON_THE_MAP: Frame = (3, 5)  # P6

# ---- Focus, portfolio and delivery
FOCUS_AREAS: Frame = (3, 3)  # P7
PRIORITISED_DELIVERABLES: Frame = (3, 3)  # P8, L11: of the first 30 days
STEPS = ("0", "30", "60", "90")  # P11: days of the rhythm, counted from the kickoff
MILESTONES = ("30", "60", "90")  # P8
ACCOUNTABLE: Frame = (1, 1)  # P12: exactly one for each deliverable
CARRIED_AT_ONCE: Frame = (0, 5)  # P12: open deliverables on which one person has R or A
PILOTS: Frame = (2, 2)  # F3

# ---- People
AMBASSADORS: Frame = (5, 7)  # P14
AMBASSADOR_FUNCTIONS = ("sales", "product", "operations", "hr")  # P14
PITCH_MINUTES = 3  # P14
DRY_RUN_MINUTES: Frame = (45, 45)  # P14

# ---- The story
NARRATIVES: Frame = (1, 1)  # P10: for the organisation as a whole
SUPPORTING_POINTS: Frame = (3, 3)  # P10
NARRATIVE_LEVELS = ("organisation", "team", "role")  # P10
MESSAGES_PER_THEME: Frame = (1, 3)  # P10: three, and with several themes five in all: never more
MESSAGES: Frame = (3, 5)  # P10: in all
PAGES_PER_THEME: Frame = (1, 1)  # P10
CASES: Frame = (3, 3)  # P15
CUSTOMER_JOURNEYS: Frame = (1, 3)  # P15: one of the cases at least

# ---- The day
KEYNOTE_MINUTES: Frame = (10, 15)  # P16
RISK_DIALOGUE_MINUTES: Frame = (15, 30)  # P16
INTERACTIVE_BLOCKS: Frame = (2, 3)  # P16: in a day
TIMEBOX = (10, 30, 10)  # P16: introduce, work, conclude
TIMEBOX_PHASES: Frame = (3, 10)  # P16: those three, or more of one's own
MINUTES_WITHOUT_A_BREAK = 120  # people's, not the method's: nobody listens longer
OBSTACLES_RANKED: Frame = (5, 5)  # L5

# ---- After the day
MINUTES_WITHIN_HOURS: Frame = (0, 24)  # F1
OBJECTIVES: Frame = (3, 5)  # F4: for each team, and for leadership
KEY_RESULTS: Frame = (2, 4)  # F4: for each objective
KEY_RESULTS_WHEN_READY: Frame = (3, 4)  # F3: what makes a team's objective ready at day 30
STANDUP_MINUTES: Frame = (15, 30)  # F5: weekly
OKR_REVIEW_MINUTES: Frame = (45, 60)  # F5: monthly
RETROSPECTIVE_MINUTES: Frame = (60, 90)  # F5: quarterly
PULSE_QUESTIONS: Frame = (5, 8)  # F6: every second week
MEASURES_CLOSED_WITHIN_WEEKS: Frame = (1, 2)  # F6
MAP_PUBLISHED_PER_CENT: Frame = (100, 100)  # F3: by day 7
TEAMS_READY_PER_CENT: Frame = (90, 100)  # F3: at day 30
ACTIONS_SETTLED_PER_CENT: Frame = (80, 100)  # F3: at day 90
