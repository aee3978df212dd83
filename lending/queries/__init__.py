"""The questions: one function a question, plain SQL in, plain values out. Nothing here writes."""
