"""What programs send and get: one file a column, a struct a message, named for what it is.

Conventions. A body is a `Body`, a query string a `Question`, an answer an `Answer`; field names are the contract's. The kinds of field
(`Amount`, `Name`, `Day` …) stand in `fields.py`, with their limits, so that the description in `openapi.json` says them and whatever fits
the description is never a 400. A field that may be left out but not be null is `Maybe[Kind] = UNSET`, read with `or_none()`; one that may
be null is `Kind | None`. Sense (a principal off the step, a man's NIK, an unknown kelurahan) is the domain's to judge: 422.
"""
