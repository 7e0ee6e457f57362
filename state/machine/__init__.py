"""The dialog as a pure state machine: `step(conversation, event, moment)`.

Rule 1: everything that decides what the bot says or does lives in this package.
Rule 2: it does not know who performs an effect, over which channel, or what time it is.
Rule 3: every customer's message is answered by exactly one message, unless a person holds the chat.

`step` sorts the events by who caused them; `commands` holds what works in every state, `replies`
what works in one, `outcomes` what effects and timers report; `asking` knows each state's question.
"""
