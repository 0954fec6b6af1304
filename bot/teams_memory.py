"""What the Teams platform has to know after a restart: the teams that the app is in."""

from storage import record
from storage.database import Store

_SETTING = "teams:in"


class TeamsMemory:
    """Keeps in the district's settings what only an event said once. Called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def teams(self) -> dict[str, str]:
        """The service address of each team, by the team's id."""
        with self._store.read() as tx:
            return {str(team): str(url) for team, url in (record.get_setting(tx, _SETTING) or {}).items()}

    def keep_team(self, team: str, service_url: str) -> None:
        """The app was put into a team, or the team has moved to another address."""
        with self._store.begin() as tx:
            known = record.get_setting(tx, _SETTING) or {}
            if known.get(team) != service_url:
                record.put_setting(tx, _SETTING, {**known, team: service_url})

    def forget_team(self, team: str) -> None:
        """The app was taken out of a team, or the team is gone."""
        with self._store.begin() as tx:
            known = record.get_setting(tx, _SETTING) or {}
            if team in known:
                record.put_setting(tx, _SETTING, {name: url for name, url in known.items() if name != team})
