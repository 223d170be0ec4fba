"""Workers: enrolment, records, wishes."""
