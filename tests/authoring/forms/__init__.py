"""One operation in ten forms: pages, a small server, and what comes of them."""
