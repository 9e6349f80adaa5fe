"""The audit log: who did what to what, without names, addresses or secrets."""

import uuid

from sqlalchemy.orm import Session

from cloud.identity import Principal
from cloud.tables import AuditEntry, User


def note(session: Session, actor: Principal | User | None, action: str, subject: uuid.UUID | str = "") -> None:
    """Add an entry to the caller's transaction. actor: None = the service itself."""
    user_id = actor.user_id if isinstance(actor, Principal) else actor.id if actor else None
    tenant_id = actor.tenant_id if actor else None
    session.add(AuditEntry(user_id=user_id, tenant_id=tenant_id, action=action, subject=str(subject)))
