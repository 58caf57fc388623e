"""The languages' state, kept human text, memory and glossary."""
