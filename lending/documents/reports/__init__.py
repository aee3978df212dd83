"""Reports: one declarative list of them (`catalogue.py`) drives pages, JSON, files and paper alike.

To add one: a question in `queries/reports/`, an entry in the catalogue. Page, `GET /reports/NAME.json`, `.csv`, `.xlsx` and `.pdf`, its
place in the list of `GET /reports`, and the schedule follow.
"""
