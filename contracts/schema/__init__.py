"""JSON text and JSON Schema: read strictly, walked, checked."""
