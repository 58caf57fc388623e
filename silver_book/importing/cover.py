"""The cover's words: title, subtitle and introduction, where the site has not its own."""

from django.db import transaction

from silver_book.importing.merge import digest, merge_blocks, new_id
from silver_book.models import BookIndexPage, ImportedText


class CoverLoader:
    """What `load` does with a folder's cover."""

    def _cover(self, index: BookIndexPage) -> None:
        """Title, subtitle and introduction of the cover, where the site has not its own."""
        text = self.folder.cover
        if text is None:
            return
        record = self.records.get(index.translation_key) or ImportedText(language=self.language)
        blocks = [block for block in text.blocks if block["type"] == "paragraph"]
        file_hash = self._hash(text, blocks, index, 0)
        if record.file_hash == file_hash:
            if record.file != text.file:
                record.file = text.file
                record.save(update_fields=["file"])
            return
        is_first = record.pk is None
        title = (
            index.title
            if is_first
            else self._field("title", text.title, index, record.digests, text.file)
        )
        before = record.digests or {"subtitle": digest(""), "title": digest(index.title)}
        merged = merge_blocks(
            blocks,
            site=[dict(block) for block in index.introduction.raw_data],
            order=record.order,
            digests=before,
            make_id=lambda block, taken: new_id("cover", self.language, block, taken),
        )
        index.title = text.title if is_first else title
        index.subtitle = self._field("subtitle", text.subtitle, index, before, text.file)
        index.introduction = index._meta.get_field("introduction").stream_block.to_python(
            merged.blocks
        )
        digests = {"title": digest(text.title), "subtitle": digest(text.subtitle)}
        with transaction.atomic():
            index.save_revision(user=self.by).publish(user=self.by, skip_permission_checks=True)
            self._remember(record, index, text, file_hash, digests | merged.digests, merged.order)
