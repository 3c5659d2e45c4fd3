"""What callers have to know of the embedded sandboxes: keys, stores, and what exists there."""

TOKEN = "sandbox-token"  # noqa: S105 - public, of a server in this process
TOKEN_WITHOUT_PERMISSION = "sandbox-token-readonly"  # noqa: S105
# of another tenant, who has an order and a group (Kohort), and an order in a store (Komerza)
OTHER_TOKEN = "sandbox-token-of-another"  # noqa: S105
FOREIGN_ORDER = "ord_another"
FOREIGN_GROUP = "pg_another"
FOREIGN_STORE_ORDER = "3d0c7a52-1b5e-4f7a-8c2d-9e6f5a4b3c21"
STORE = "6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01"
FOREIGN_STORE = "0d9be1f4-3c57-4b5a-8a2f-6f2a4f5f9c02"
# by the names that the contract of komerza@2 has for them
KNOWN = {
    "productId": "b4c1f3a0-5d2e-4a7b-9c61-0e8d7f6a5b42",
    "variantId": "c7d2e4b1-6a3f-4b8c-8d72-1f9e8a7b6c53",
    "couponCode": "SPRING",
    "affiliateCode": "CREATOR",
}
# by API: the variables that its contracts read, as they are for its embedded sandbox
ENVIRONMENT = {
    "kohort": {
        "KOHORT_TOKEN": TOKEN,
        "KOHORT_FOREIGN_TOKEN": OTHER_TOKEN,
        "KOHORT_FOREIGN_ORDER": FOREIGN_ORDER,
        "KOHORT_FOREIGN_GROUP": FOREIGN_GROUP,
    },
    "komerza": {
        "KOMERZA_TOKEN": TOKEN,
        "KOMERZA_TOKEN_WITHOUT_PERMISSION": TOKEN_WITHOUT_PERMISSION,
        "KOMERZA_STORE": STORE,
        "KOMERZA_FOREIGN_STORE": FOREIGN_STORE,
        "KOMERZA_FOREIGN_TOKEN": OTHER_TOKEN,
        "KOMERZA_FOREIGN_ORDER": FOREIGN_STORE_ORDER,
        "KOMERZA_PRODUCT": KNOWN["productId"],
        "KOMERZA_VARIANT": KNOWN["variantId"],
        "KOMERZA_COUPON": KNOWN["couponCode"],
        "KOMERZA_AFFILIATE": KNOWN["affiliateCode"],
    },
}
