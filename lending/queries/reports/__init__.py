"""The questions behind the reports, one function a report; what each shows and to whom stands in `documents/reports/catalogue.py`."""
