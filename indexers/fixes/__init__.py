"""What may be wrong with a query picture, and how it is repaired: see docs/query-fixes.md."""
