"""WispHub as a vendor, with its manners: untrusted answers, writes that do not stay.

Sources: the vendor's published API and what live installations reported of it. Undefined filters
are ignored and the whole universe comes back; about one call in eight hangs; an echo is no proof
of a write; `next` is plain http; four passwords ride in every row. So: every row is verified, only
white-listed fields leave this package, no link and no redirect is ever followed.
"""
