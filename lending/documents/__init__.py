"""The papers: values in, the bytes of a PDF or a receipt out. They ask nothing of the database and write nothing to it."""
