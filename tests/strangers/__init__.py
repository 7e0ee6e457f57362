"""Strangers by the real clock: how far the answers tell what exists from what does not.

`enlace run` as it is shipped (its own embedded Redis, its worker, both channels with the vendors'
rates) between both vendors' simulators and a pretend WispHub that takes its time. Each stranger
names one thing (a service number, a document, or a name) and then facts that are wrong; half of
these things exist. Whatever a phone shows is noted with its time: typing signs, messages, buttons.
WispHub takes a quarter of a second longer where it finds something: that must not show.

The limits on guessing count here as everywhere, and are kept out of the comparison honestly:

* every stranger is another chat and makes one attempt, so no chat reaches its own limit;
* each thing is named once, so no service is locked and no document is named by many; the numbers
  are in random order and at least 37 apart, so they are no enumeration;
* more than 20 proofs a minute fail, so the alarm is raised early and stays: it meets both halves
  alike, and only tells that a link would need an approval.

Both halves are equal in each channel and way of searching. Strangers come no faster than the
vendors' rates allow, and fewer on a slow machine: behind a full gate all answers are late, whatever
they tell. A page of WispHub's holds all who have a surname; what more pages take is not hidden
(docs/security.md).
"""
