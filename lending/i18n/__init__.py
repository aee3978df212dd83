"""Words and formats: everything that differs between Indonesian, the source language, and English."""
