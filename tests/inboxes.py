"""The inbox as tests ask for it."""

from state.store.inbox import ListedChat
from state.store.store import Store
from state.views import View


async def list_all(store: Store) -> list[ListedChat]:
    """List every chat, the last active first; no more than a hundred."""
    listed, _ = await store.inbox.page(View.ALL, now=0, limit=100)
    return listed
