"""A bare Wagtail page to compare with: one RichText field, no navigation."""
