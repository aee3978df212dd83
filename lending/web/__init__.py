"""The people's door, and the programs'.

A column's pages live in `web/<column>/`: `routes.py` with a blueprint named for the column and a first page called `index`, `forms.py`
beside it, templates under `templates/<column>/`. To add a page:

1. write the view: `@pages.get("/groups")`, `@needs(Permission.SEE_GROUPS)`, then ask a query or do an act `by=me()`; nothing else;
2. add the blueprint to `PAGES` in `web/pages.py`, and the tab to `web/navigation.py` where the column has none yet;
3. extend `layout.html`; draw with the macros (`templates/macros/`), each of which says at its top how it is used;
4. a form catches the refusal: `except Refusal as refusal: form.blame(refusal)`, and is shown again, with its status, as it was typed;
   after a kept POST: `flash(...)`, then `redirect(..., 303)`. Whatever is not caught becomes a page of its own (`web/errors.py`);
5. words are Indonesian in `_()`; the English goes into the catalogue (docs/translating.md).
"""
