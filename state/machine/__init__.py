"""A conversation as a pure state machine: `step(conversation, event, moment)`.

Rule 1: everything that moves a conversation lives in this package. It looks up what is true of a
state, a field and a policy in the pure modules beside it (`state.states`, `fields`, `policy`).

Rule 2: it does not know who performs an effect, or over which channel; what time it is, it is told.

Rule 3: a customer's message is answered by exactly one message, unless a person speaks, or it came
late or as one of too many (`arrival`).


Four machines
=============

A conversation is four machines that run side by side. Each is kept in its own parts of the record
(`state.conversation.Conversation`); one event may move several. `docs/states.md` draws them.

1) The dialog: what the bot waits for.
   States: one row each in `state.states.STATES`.
   Kept in `state`; what it gathers in `lookup`, `identity`, `draft`, `consent` and `shown`.
   Moved by the customer (`replies`, `choosing`, `commands`), by outcomes and timers (`outcomes`),
   by decisions of staff (`reviewing`) and by a code that staff read out (`proving`).

2) The speaker: who answers the customer.
   States: the bot, the queue for a person, a member of staff, the business phone.
   Kept in `speaker`.
   Moved by staff (`staffing`: take, hand back, read out a code), by an answer from the business
   phone (`told`; the first message four hours later is the bot's again), by "asesor", "asistente"
   and "no fui yo", and by the bot where it may not go on alone (`commands.hand_over`, `checking`).

3) The change: what becomes of what shall be written.
   States: none, requested, approved once of twice, held, stopped; writing, retrying; then the
   `Standing`: written, verified, lost, unknown, contested, undone, settled.
   Kept in `change` while it is decided or written, in `last_change` since, and in `verification`
   while it is still to be read again.
   Moved by the summary's yes (`saving`), by staff and whoever was warned (`reviewing`), by "no fui
   yo" (`commands`), by the directory's outcomes and the timers of a retry and of a hold
   (`outcomes`), and by readings (`checking`).

4) The account: whether the customer can be reached, and whether the number proves anything.
   States: reachable or left; and renumbered, for 72 hours, or not. A number that another account
   has shown too proves nothing, however long ago (`recycling`).
   Kept in `account`.
   Moved by what the channel tells (`told`), by any message of the customer (nobody who writes has
   left), and by time alone (`saving.is_renumbered`).


How they touch
==============

* A message is noted in the account whatever becomes of it. If it arrived in time, the speaker
  decides whether the dialog hears it: the bot lets it through, the queue answers by itself.
* A person who speaks silences the bot, not the machines: outcomes and timers still move the dialog
  and the change, but what they would say is dropped (`step._silence`).
* `step.enter` begins the waiting whenever the dialog or the speaker moved, or a message was taken.
  There is one timer. Where the bot speaks and the state owes an answer, it is the reminder; where
  not, only what must go on stays (a retry, a hold, an answer held back, an erasure).
* Three states belong to the dialog and the change at once: in review, updating, retrying. There the
  dialog waits for what the change waits for. From then on they are apart: a reading moves the
  change, and the speaker if the change was lost, never the dialog's state.
* The change outlives the dialog. Leaving a dialog (`leaving.drop_draft`) drops the answers, the
  look-up and the pending change; never the consent, the link, `last_change` or `verification`.
  `Stop` in the table of states keeps "cancelar", "reiniciar" and an invitation from doing so while
  people decide or the directory is written; to withdraw, to erase or to revoke, the customer says
  yes.
* The bot sends nothing to an account that was left. One that is renumbered loses every proof, and
  for 72 hours the policy counts no new one by phone.


What the pictures do not show
=============================

WARNING: `docs/states.md` is walked from a few beginnings, one machine at a time. It leaves out:

* Guards. An arrow says that some conversation goes this way. Whether yours may depends on what was
  proven, on the policy, and on what stands on file.
* What works everywhere: the commands, buttons of an earlier message, the reminder and the expiry.
* What one machine does to another: each is drawn alone. So is each change: the one that is decided
  or written hides the last one, which is still read again meanwhile.
* What changes nothing: an outcome that nobody waits for, a decision on another request.
* What is decided outside: the store's stays (`state.objections`) and locks come back as outcomes.
"""
