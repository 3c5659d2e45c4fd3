"""The groups that orders of Kohort create and join."""

from typing import Any

EXPIRES = ("expiresAt", "midExpireAt", "jMinus2ExpireAt", "jPlus3StartAt")


def group_of(order: dict[str, Any]) -> dict[str, Any]:
    """Return the group that an order creates."""
    moment = order["createdAt"]
    return {
        "id": order["paymentGroupId"],
        "shareId": order["paymentGroupShareId"],
        "livemode": False,
        "organizationId": order["organizationId"],
        "customerId": order["customerId"],
        "creatorEmail": order["customerEmail"] or "nobody@example.com",
        "status": "OPEN",
        "metadata": {"source": "sandbox"},
        **dict.fromkeys(EXPIRES, "2099-01-31T12:00:00.000Z"),
        "createdAt": moment,
        "updatedAt": moment,
        "canceledAt": None,
        "completedAt": None,
        "reminderEmailSent": "NOT_SENT",
        "createdBy": None,
        "updatedBy": None,
    }
