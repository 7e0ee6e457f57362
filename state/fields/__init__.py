"""What people type, read as what they mean: pure rules, one module a kind of answer.

What belongs here takes a text and gives a reading: no clock, no chance, no network, no state of
the dialog. Causes are names of texts in `state.messages`; the wording itself is not here.
"""
